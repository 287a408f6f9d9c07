/**
 * The one cryptographic hash that core needs, as an interface: core has no Node, so the edge that runs it
 * passes a factory in (workers pass node:crypto's SHA-256).
 */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** Returns the digest as lower-case hexadecimal; the hasher may not be used afterwards. */
  digestHex(): string;
}

export type HasherFactory = () => Hasher;
