/** SHA-256 for core, from Node. Must not know what is hashed. */
import { createHash } from 'node:crypto';
import type { Hasher } from '../../core/util/index.ts';

/** Returns a fresh SHA-256. */
export function sha256Hasher(): Hasher {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digestHex: () => hash.digest('hex'),
  };
}
