/** Round trips of arbitrary envelopes and texts; arbitrary bytes never throw. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope, MessageType } from '../../../core/rpc/index.ts';
import { readUtf8, utf8Length, writeUtf8 } from '../../../core/rpc/utf8.ts';

it('writes UTF-8 as the platform does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const expected = new TextEncoder().encode(text);
      const out = new Uint8Array(utf8Length(text));
      expect(writeUtf8(text, out, 0)).toBe(expected.length);
      expect(out).toEqual(expected);
      expect(readUtf8(out)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(expected));
    }),
  );
});

it('reads a long text whole', () => {
  const text = 'aé€😀'.repeat(5000);
  expect(readUtf8(new TextEncoder().encode(text))).toBe(text);
});

it('round-trips any envelope', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(MessageType)),
      fc.nat(),
      fc.nat(),
      fc.json(),
      fc.option(fc.uint8Array()),
      (type, id, epoch, json, bytes) => {
        const value: unknown = JSON.parse(json);
        const decoded = decodeEnvelope(encodeEnvelope({ type, id, epoch, json: value, bytes }));
        expect(decoded).toEqual({ ok: true, value: { type, id, epoch, json: JSON.parse(JSON.stringify(value)), bytes } });
      },
    ),
  );
});

it('never throws on foreign bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(typeof decodeEnvelope(bytes).ok).toBe('boolean');
    }),
  );
});
