import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { base62 } from '#kernel/ids'

/**
 * API keys: `tg_<stage>_<22 base-62 random><6 base-62 CRC32 of what precedes>`. The checksum refuses nonsense without a
 * read, and lets secret scanners recognise a leaked key with hardly any false positive.
 */
export type KeyStage = 'live' | 'test'

const RANDOM_BYTES = 16 // 128 bits, 22 base-62 digits
const RANDOM_DIGITS = 22
const CHECKSUM_DIGITS = 6 // 62^6 > 2^32
const KEY = /^tg_(live|test)_[0-9A-Za-z]{28}$/

/** A new secret. `random` is 16 bytes. */
export function createSecret(stage: KeyStage, random: Uint8Array = randomBytes(RANDOM_BYTES)): string {
  const payload = `tg_${stage}_${base62(random, RANDOM_DIGITS)}`
  return payload + checksumOf(payload)
}

/** Whether the text is a key of this stage with a right checksum. Says nothing about whether it was ever issued. */
export function isSecret(text: string, stage: KeyStage): boolean {
  if (KEY.exec(text)?.[1] !== stage) return false
  return checksumOf(text.slice(0, -CHECKSUM_DIGITS)) === text.slice(-CHECKSUM_DIGITS)
}

/** `tg_test_…a1B2c3`: prefix and last six characters, enough to recognise a key and nothing to guess it from. */
export const maskSecret = (secret: string): string =>
  `${secret.slice(0, secret.lastIndexOf('_') + 1)}…${secret.slice(-CHECKSUM_DIGITS)}`

/** SHA-256 in hex. No salt or stretching: the secret has 128 random bits. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

function checksumOf(payload: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(payload))
  return base62(bytes, CHECKSUM_DIGITS)
}
