/** The keyboard of the workstation. Keys typed into a field, or pressed on a button that uses them, are left alone. */
import { actions, useUi } from '../state/index.ts';
import type { Workstation } from './workstation.ts';

const PAN_PX = 40;

/** Listens to the page's keys until the returned function is called. */
export function listenToKeys(workstation: Workstation): () => void {
  const press = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      useUi.setState({ search: true });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || dialogOpen()) return;
    if (event.key === ' ' && event.target instanceof HTMLButtonElement) return;
    if (handle(event, workstation)) event.preventDefault();
  };
  /** After a click with the mouse the keys belong to the map again; whoever tabs to a button keeps it. */
  const click = (event: MouseEvent): void => {
    if (event.detail > 0 && !dialogOpen() && document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
  };
  window.addEventListener('keydown', press);
  window.addEventListener('click', click);
  return () => {
    window.removeEventListener('keydown', press);
    window.removeEventListener('click', click);
  };
}

function handle(event: KeyboardEvent, workstation: Workstation): boolean {
  const { map } = workstation;
  const times = event.shiftKey ? 10 : 1;
  switch (event.key) {
    case ' ':
      actions().togglePlay();
      return true;
    case 'ArrowLeft':
      actions().step(-1, 'bucket', times);
      return true;
    case 'ArrowRight':
      actions().step(1, 'bucket', times);
      return true;
    case 'ArrowUp':
      map?.pan(0, PAN_PX * times);
      return true;
    case 'ArrowDown':
      map?.pan(0, -PAN_PX * times);
      return true;
    case 'c':
    case 'C':
      actions().centre();
      return true;
    case 'l':
    case 'L':
    case 'End':
      actions().follow();
      return true;
    case '[':
      if (map) actions().setGroup(map.neighbourGroup(-1));
      return true;
    case ']':
      if (map) actions().setGroup(map.neighbourGroup(1));
      return true;
    case '-':
      actions().zoom(1.25);
      return true;
    case '=':
    case '+':
      actions().zoom(0.8);
      return true;
    case 'o':
    case 'O':
      useUi.setState({ openDialog: true });
      return true;
    case '?':
      useUi.setState({ keysSheet: true });
      return true;
    default:
      return false;
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

function dialogOpen(): boolean {
  const ui = useUi.getState();
  return ui.openDialog || ui.picker || ui.search || ui.keysSheet || ui.deleting !== null;
}
