/** The envelope: what goes in comes out, and everything else is refused with a reason. */
import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope, MAX_MESSAGE_BYTES, MessageType, type Envelope } from '../../../core/rpc/index.ts';

const call: Envelope = { type: MessageType.call, id: 7, epoch: 3, json: { name: 'app.info', params: {} }, bytes: null };

function decodeError(bytes: Uint8Array): string {
  const decoded = decodeEnvelope(bytes);
  if (decoded.ok) throw new Error('decoded what should have been refused');
  return decoded.error;
}

describe('envelope', () => {
  it('brings JSON and bytes back', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(decodeEnvelope(encodeEnvelope({ ...call, bytes }))).toEqual({ ok: true, value: { ...call, bytes } });
    expect(decodeEnvelope(encodeEnvelope(call))).toEqual({ ok: true, value: call });
  });

  it('tells empty bytes from none', () => {
    const decoded = decodeEnvelope(encodeEnvelope({ ...call, bytes: new Uint8Array(0) }));
    expect(decoded).toMatchObject({ ok: true, value: { bytes: new Uint8Array(0) } });
  });

  it('lays the header out as documented', () => {
    const bytes = encodeEnvelope({ type: MessageType.item, id: 0x01020304, epoch: 0x0a0b0c0d, json: 1, bytes: Uint8Array.of(9) });
    expect([...bytes]).toEqual([5, 1, 0, 0, 4, 3, 2, 1, 0x0d, 0x0c, 0x0b, 0x0a, 1, 0, 0, 0, 0x31, 9]);
  });

  it('refuses what is no message, and says why', () => {
    const good = encodeEnvelope(call);
    const changed = (at: number, value: number): Uint8Array => {
      const copy = new Uint8Array(good);
      copy[at] = value;
      return copy;
    };
    expect(decodeError(good.subarray(0, 15))).toContain('no complete header');
    expect(decodeError(changed(0, 0))).toContain('type 0 is unknown');
    expect(decodeError(changed(0, 9))).toContain('type 9 is unknown');
    expect(decodeError(changed(1, 2))).toContain('reserved');
    expect(decodeError(changed(2, 1))).toContain('reserved');
    expect(decodeError(changed(14, 1))).toContain('longer than the message');
    expect(decodeError(changed(12, good[12] - 1))).toContain('does not announce');
    expect(decodeError(changed(16, 0x21))).toContain('does not parse');
    expect(decodeError(new Uint8Array(MAX_MESSAGE_BYTES + 1))).toContain('over the limit');
  });
});
