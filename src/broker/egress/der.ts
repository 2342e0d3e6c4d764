/** Writes DER (ITU-T X.690 §10), as far as a certificate needs it. Nothing here reads. */
export type Der = Buffer;

export function sequence(...items: readonly Der[]): Der {
  return element(0x30, ...items);
}

export function setOf(item: Der): Der {
  return element(0x31, item);
}

/** A constructed, context-specific element: `[number] EXPLICIT`. */
export function explicit(number: number, ...items: readonly Der[]): Der {
  return element(0xa0 | number, ...items);
}

/** A primitive, context-specific element: `[number] IMPLICIT` of a string type. */
export function implicit(number: number, bytes: Uint8Array): Der {
  return element(0x80 | number, bytes);
}

/** A positive number from its bytes, most significant first. */
export function integer(bytes: Uint8Array): Der {
  const significant = bytes.findIndex((byte) => byte !== 0);
  const shortest = significant < 0 ? Buffer.alloc(1) : bytes.subarray(significant);
  return element(0x02, Buffer.alloc((shortest[0] ?? 0) & 0x80 ? 1 : 0), shortest);
}

export function boolean(value: boolean): Der {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

export function octetString(bytes: Uint8Array): Der {
  return element(0x04, bytes);
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Der {
  return element(0x03, Buffer.from([unusedBits]), bytes);
}

export function utf8String(text: string): Der {
  return element(0x0c, Buffer.from(text));
}

/** Dotted decimal, for example `2.5.29.17`. */
export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([40 * first + second, ...rest.flatMap(inBase128)]));
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, in whole seconds. */
export function time(milliseconds: number): Der {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '');
  return digits < '2050' ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

function inBase128(number: number): readonly number[] {
  const digits = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

function element(tag: number, ...content: readonly Uint8Array[]): Der {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
