/** Buttons and groups of exclusive choices. Real buttons, with states that a screen reader hears. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { readonly tone?: 'plain' | 'primary' | 'quiet' };

export function Button({ tone = 'plain', className = '', ...rest }: ButtonProps): ReactNode {
  return <button type="button" className={`button ${tone} ${className}`} {...rest} />;
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly title?: string;
}

/** A row of choices of which one holds. */
export function Segmented<T extends string | number>(props: {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}): ReactNode {
  return (
    <fieldset className="segmented" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === props.value}
          title={choice.title}
          onClick={() => props.onChoose(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}

/** A row of layers, each on or off. */
export function Toggles<T extends string>(props: {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly on: Readonly<Record<T, boolean>>;
  readonly onToggle: (value: T) => void;
}): ReactNode {
  return (
    <fieldset className="segmented" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={props.on[choice.value]}
          title={choice.title}
          onClick={() => props.onToggle(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
