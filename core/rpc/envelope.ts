/**
 * The envelope of every message between a screen and the host: a 16-byte header, then JSON, then raw bytes. Must not know
 * calls, streams or transports.
 *
 * Header, little-endian: type u8 · flags u8 (bit 0: bytes follow the JSON) · reserved u16 = 0 · id u32 · epoch u32 ·
 * length of the JSON u32.
 */
import { err, ok, type Result } from '../util/index.ts';
import { readUtf8, utf8Length, writeUtf8 } from './utf8.ts';

const HEADER_BYTES = 16;
const FLAG_BYTES = 1;

/** Largest message, header included, that either end accepts. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * call, subscribe: JSON `{ name, params }` · result: JSON value · error: JSON WireError · item: one item of a stream, epoch
 * = its number · ack: the item with that epoch was consumed · unsubscribe: by the client · end: by the host, JSON WireError.
 */
export const MessageType = { call: 1, result: 2, error: 3, subscribe: 4, item: 5, ack: 6, unsubscribe: 7, end: 8 } as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

const LAST_TYPE = MessageType.end;

export interface Envelope {
  readonly type: MessageType;
  /** Chosen by the client; a reply, item, ack or end repeats it. */
  readonly id: number;
  readonly epoch: number;
  /** Parsed JSON, undefined when there is none. */
  readonly json: unknown;
  /** The binary part; null when there is none, which differs from an empty one. */
  readonly bytes: Uint8Array | null;
}

/** Returns the message as bytes of its own. */
export function encodeEnvelope(envelope: Envelope): Uint8Array<ArrayBuffer> {
  const text = envelope.json === undefined ? '' : JSON.stringify(envelope.json);
  const jsonBytes = utf8Length(text);
  const out = new Uint8Array(HEADER_BYTES + jsonBytes + (envelope.bytes?.byteLength ?? 0));
  const header = new DataView(out.buffer);
  header.setUint8(0, envelope.type);
  header.setUint8(1, envelope.bytes ? FLAG_BYTES : 0);
  header.setUint32(4, envelope.id, true);
  header.setUint32(8, envelope.epoch, true);
  header.setUint32(12, jsonBytes, true);
  writeUtf8(text, out, HEADER_BYTES);
  if (envelope.bytes) out.set(envelope.bytes, HEADER_BYTES + jsonBytes);
  return out;
}

/**
 * Returns the message in `bytes`; its binary part is a view on them.
 * @errors one sentence about what is wrong
 */
export function decodeEnvelope(bytes: Uint8Array): Result<Envelope, string> {
  if (bytes.byteLength > MAX_MESSAGE_BYTES) return err(`a message of ${bytes.byteLength} bytes is over the limit of ${MAX_MESSAGE_BYTES}`);
  if (bytes.byteLength < HEADER_BYTES) return err(`a message of ${bytes.byteLength} bytes has no complete header`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = header.getUint8(0);
  const flags = header.getUint8(1);
  if (type < MessageType.call || type > LAST_TYPE) return err(`message type ${type} is unknown`);
  if ((flags & ~FLAG_BYTES) !== 0 || header.getUint16(2, true) !== 0) return err('reserved header bits are set');
  const jsonEnd = HEADER_BYTES + header.getUint32(12, true);
  if (jsonEnd > bytes.byteLength) return err('the JSON part is longer than the message');
  const hasBytes = (flags & FLAG_BYTES) !== 0;
  if (!hasBytes && jsonEnd !== bytes.byteLength) return err('bytes follow the JSON part that the header does not announce');
  const json = parse(readUtf8(bytes.subarray(HEADER_BYTES, jsonEnd)));
  if (!json.ok) return json;
  return ok({
    type: type as MessageType,
    id: header.getUint32(4, true),
    epoch: header.getUint32(8, true),
    json: json.value,
    bytes: hasBytes ? bytes.subarray(jsonEnd) : null,
  });
}

function parse(text: string): Result<unknown, string> {
  if (text === '') return ok(undefined);
  try {
    return ok(JSON.parse(text));
  } catch (thrown) {
    return err(`the JSON part does not parse: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
