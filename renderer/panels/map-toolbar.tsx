/** The bar over the map: instrument, time bucket, price grouping, layers, colour and cut-offs. */
import { useEffect, useRef, type ReactNode } from 'react';
import { COLOUR_MAPS, colourMapCss } from '../charts/index.ts';
import { Icon, Segmented, Toggles } from '../components/index.ts';
import { actions, useLive, useSettings, useUi, useView, type Layers } from '../state/index.ts';
import { bucketText } from './words.ts';

const BUCKETS = [1e8, 1e9, 1e10, 6e10];
const LAYERS: readonly { readonly value: keyof Layers; readonly label: string; readonly title: string }[] = [
  { value: 'heat', label: 'Heat', title: 'Resting size' },
  { value: 'trades', label: 'Trades', title: 'Trade dots' },
  { value: 'touch', label: 'Touch', title: 'Best bid and ask' },
  { value: 'book', label: 'Book', title: 'Current book' },
  { value: 'flow', label: 'Flow', title: 'Volume and cumulative delta' },
];

export function MapToolbar(): ReactNode {
  const info = useView((s) => s.info);
  const bucketNs = useLive((s) => s.bucketNs);
  const group = useLive((s) => s.group);
  const layers = useSettings((s) => s.layers);
  if (!info) return <div className="toolbar" />;
  const { instrument } = info;
  const buckets = BUCKETS.includes(bucketNs) ? BUCKETS : [...BUCKETS, bucketNs].sort((a, b) => a - b);
  return (
    <div className="toolbar" role="toolbar" aria-label="Map">
      <button
        type="button"
        className="instrument"
        data-testid="instrument-open"
        aria-haspopup="dialog"
        onClick={() => useUi.setState({ picker: true })}
      >
        <strong>{instrument.canonicalSymbol ?? instrument.symbol}</strong>
        <span className="venue">{instrument.venue.toUpperCase()}</span>
        <Icon name="caret" size={10} />
      </button>
      <Segmented
        label="Time bucket"
        value={bucketNs}
        choices={buckets.map((b) => ({ value: b, label: bucketText(b) }))}
        onChoose={(b) => actions().setBucket(b)}
      />
      <Segmented label="Price grouping in ticks" value={group} choices={groupChoices(group)} onChoose={(g) => actions().setGroup(g)} />
      <Toggles
        label="Layers"
        choices={LAYERS}
        on={layers}
        onToggle={(layer) => useSettings.setState((s) => ({ layers: { ...s.layers, [layer]: !s.layers[layer] } }))}
      />
      <ColourControls />
    </div>
  );
}

function groupChoices(group: number): { value: number; label: string }[] {
  const rounded = Number(group.toPrecision(6));
  const around = [1, 10, 50].includes(group) ? [1, 10, 50] : [1, 10, 50, group].sort((a, b) => a - b);
  return around.map((value) => ({ value, label: value === 1 ? 'tick ×1' : `×${value === group ? rounded : value}` }));
}

function ColourControls(): ReactNode {
  const { colourMap, lowPercentile, highPercentile, gamma } = useSettings();
  const stops = colourMapCss(colourMap);
  const popover = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      const { current } = popover;
      if (!current?.open) return;
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !event.composedPath().includes(current)) current.open = false;
    };
    window.addEventListener('pointerdown', close);
    window.addEventListener('keydown', close);
    return () => {
      window.removeEventListener('pointerdown', close);
      window.removeEventListener('keydown', close);
    };
  }, []);
  return (
    <div className="colour">
      <details className="popover" ref={popover}>
        <summary aria-label="Colour and contrast" data-testid="contrast">
          <span className="colour-word">contrast</span>
          <svg className="ramp" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <defs>
              <linearGradient id="ramp">
                {stops.map(([at, colour]) => (
                  <stop key={at} offset={at} stopColor={colour} />
                ))}
              </linearGradient>
            </defs>
            <rect width="100" height="4" fill="url(#ramp)" />
          </svg>
          <span className="num">
            p{lowPercentile}–p{highPercentile}
          </span>
        </summary>
        <div className="popover-body">
          <label>
            Colour map
            <select data-testid="colour-map" value={colourMap} onChange={(e) => useSettings.setState({ colourMap: e.target.value })}>
              {COLOUR_MAPS.map((map) => (
                <option key={map.id} value={map.id}>
                  {map.name}
                </option>
              ))}
            </select>
          </label>
          <Slider
            label="Lower cut-off"
            value={lowPercentile}
            text={`p${lowPercentile}`}
            range={[0, 95, 1]}
            onChange={(v) => useSettings.setState({ lowPercentile: v })}
          />
          <Slider
            label="Upper cut-off"
            value={highPercentile}
            text={`p${highPercentile}`}
            range={[96, 100, 0.1]}
            onChange={(v) => useSettings.setState({ highPercentile: Number(v.toFixed(1)) })}
          />
          <Slider
            label="Contrast"
            value={gamma}
            text={gamma.toFixed(2)}
            range={[0.3, 2.5, 0.05]}
            onChange={(v) => useSettings.setState({ gamma: v })}
          />
        </div>
      </details>
    </div>
  );
}

function Slider(props: {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly range: readonly [min: number, max: number, step: number];
  readonly onChange: (value: number) => void;
}): ReactNode {
  const [min, max, step] = props.range;
  return (
    <label>
      <span className="row-top">
        {props.label} <span className="num">{props.text}</span>
      </span>
      <input
        type="range"
        data-testid={`slider-${props.label.toLowerCase().replace(' ', '-')}`}
        min={min}
        max={max}
        step={step}
        value={props.value}
        onChange={(e) => props.onChange(e.target.valueAsNumber)}
      />
    </label>
  );
}
