/** Trouble that crosses a boundary (thread, process, socket). Made where it is understood, shown once, in words. */

export type ErrorDomain = 'venue' | 'format' | 'book' | 'store' | 'remote' | 'contract' | 'import' | 'view';

export interface WireError {
  /** For instance `format.not-a-capture`, `store.disk-full`, `import.cancelled`, `contract.invalid-request`. */
  readonly code: `${ErrorDomain}.${string}`;
  /** One sentence for the user: what happened, what was kept, what to do. */
  readonly userText: string;
  /** For the log and the Problems panel; may be empty. */
  readonly detail: string;
  readonly retryable: boolean;
  readonly context: Readonly<Record<string, string | number>>;
}

/** An Error that carries a WireError through throw and catch. */
export class DepthscopeError extends Error {
  readonly wire: WireError;
  constructor(
    code: WireError['code'],
    userText: string,
    extra: { detail?: string; retryable?: boolean; context?: Record<string, string | number>; cause?: unknown } = {},
  ) {
    super(userText, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'DepthscopeError';
    this.wire = {
      code,
      userText,
      detail: extra.detail ?? (extra.cause instanceof Error ? extra.cause.message : ''),
      retryable: extra.retryable ?? false,
      context: extra.context ?? {},
    };
  }
}

/** Returns the WireError of anything thrown; an unknown error keeps its message as detail. */
export function wireErrorFrom(thrown: unknown, fallbackCode: WireError['code']): WireError {
  if (thrown instanceof DepthscopeError) return thrown.wire;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: fallbackCode,
    userText: `Something went wrong inside Depthscope: ${message}`,
    detail: thrown instanceof Error ? (thrown.stack ?? message) : message,
    retryable: false,
    context: {},
  };
}
