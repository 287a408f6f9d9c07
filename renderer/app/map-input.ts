/** Mouse and wheel on the map pane turned into moves of the engine. Must not know React. */
import type { MapEngine } from './map-engine.ts';
import { TIME_AXIS_PX } from '../charts/index.ts';

const WHEEL_ZOOM = 0.0016;
const LINE_PX = 16;

type Zone = 'map' | 'price' | 'time';

/** Listens on the pane until the returned function is called. */
export function listenToMap(element: HTMLElement, engine: MapEngine): () => void {
  let drag: { x: number; y: number; zone: Zone } | null = null;
  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const zoneOf = ({ x, y }: { x: number; y: number }): Zone =>
    x > engine.layout.mapWidthPx ? 'price' : y > engine.layout.heightPx - TIME_AXIS_PX ? 'time' : 'map';

  const down = (event: PointerEvent): void => {
    // A captured pointer would take the click from buttons that stand on the map.
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button, .state'))) return;
    const point = at(event);
    drag = { ...point, zone: zoneOf(point) };
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const point = at(event);
    if (!drag) {
      element.dataset['zone'] = zoneOf(point);
      engine.setCursor(point);
      return;
    }
    const dx = point.x - drag.x;
    const dy = point.y - drag.y;
    if (drag.zone === 'map') engine.pan(dx, dy);
    else if (drag.zone === 'price') engine.zoomPrice(engine.layout.heightPx / 2, Math.exp(dy * 0.005));
    else engine.zoomTime(engine.layout.mapWidthPx, Math.exp(-dx * 0.003));
    drag = { ...drag, ...point };
    engine.setCursor(point);
  };
  const up = (event: PointerEvent): void => {
    drag = null;
    if (element.hasPointerCapture(event.pointerId)) element.releasePointerCapture(event.pointerId);
  };
  const leave = (): void => engine.setCursor(null);
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const point = at(event);
    // With Shift the browser turns a wheel's movement sideways.
    const raw = event.deltaY !== 0 ? event.deltaY : event.deltaX;
    const factor = Math.exp(raw * (event.deltaMode === 1 ? LINE_PX : 1) * WHEEL_ZOOM);
    if (event.ctrlKey || event.shiftKey || zoneOf(point) === 'price') engine.zoomPrice(point.y, factor);
    else engine.zoomTime(point.x, factor);
  };
  const doubleClick = (event: MouseEvent): void => {
    const zone = zoneOf(at(event));
    if (zone === 'price') engine.centre();
    else if (zone === 'time') engine.follow();
  };
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('dblclick', doubleClick);
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('dblclick', doubleClick);
  };
}
