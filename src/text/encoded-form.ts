/**
 * The reversible encodings in which a known secret is recognised, as data. A form is the encoded value together with
 * its *cores*: stretches that alone prove the value, so that a copy that lost its head or sits between other text is
 * still found. Forms compose: the base64 form of the base64 form is nested base64.
 */
export interface EncodedForm {
  readonly encoding: string;
  readonly text: string;
  /** Half-open ranges of `text`, each enough to recognise the secret. */
  readonly cores: readonly Range[];
}

export type Range = readonly [start: number, end: number];

/** Characters that may be missing at the head. */
const MAX_LOST_HEAD = 10;
/** What must remain when the head is missing. Below it, a fragment is too ordinary to be called a secret. */
const MIN_REMAINDER = 12;
const CORE_LENGTH = 16;
/** Hex dumps break after 16 bytes: of two neighbouring cores of 8 bytes at least one lies within a line. */
const HEX_CORE_LENGTH = 8;

/** Every form of a value. `value` is read as bytes; each character of a form's text is one byte. */
export function listForms(value: Buffer): readonly EncodedForm[] {
  const plain = plainForm(value, CORE_LENGTH);
  const base64 = base64Forms(plain, 'base64');
  const start = withFirstCores(plain);
  const startBase64 = base64Forms(start, 'base64');
  return [
    plain,
    reversed(plain),
    ...base64,
    perCharacter(plainForm(value, HEX_CORE_LENGTH), 'hex', hexOf),
    ...startBase64.map((form) => ({ ...reversed(form), encoding: 'base64 reversed' })),
    ...startBase64.flatMap((form) => bothAlphabets(form).flatMap((inner) => base64Forms(inner, 'base64 nested'))),
    ...base64Forms(perCharacter(start, 'hex', hexOf), 'base64 of hex'),
    ...PER_CHARACTER.map(({ encoding, encode }) => perCharacter(start, encoding, encode)),
    ...base32Forms(start, BASE32, 'base32'),
    ...base32Forms(start, BASE32_HEX, 'base32hex'),
    ...BASE85_ALPHABETS.flatMap((alphabet) => base85Forms(start, alphabet)),
    ...hexWordForms(plainForm(value, HEX_CORE_LENGTH)),
  ];
}

/**
 * The forms in which a value is recognised even after its characters were exchanged one for one, which is how every
 * alphabet of its own looks: of letters (rot13 and its kind), of bytes (XOR with one), of base64, base32 or base85.
 */
export function listShapes(value: Buffer): readonly EncodedForm[] {
  const plain = plainForm(value, CORE_LENGTH);
  const common = [plain, ...base64Forms(plain, 'base64'), perCharacter(plain, 'hex', hexOf)];
  return [
    ...common,
    ...common.map((form) => ({ ...reversed(form), encoding: `${form.encoding} reversed` })),
    ...base32Forms(plain, BASE32, 'base32'),
    ...base85Forms(plain, BASE85_ALPHABETS[0]),
  ];
}

interface CharacterEncoding {
  readonly encoding: string;
  readonly encode: (byte: number) => string;
}

/**
 * Separators and escape marks (`%`, `\`, `&#`, `;`, `,`, blanks) are no part of a form: the scan ignores them. So `hex`
 * also finds `%73%6b`, `73:6b` and quoted-printable, and `decimal` finds `[115, 107]` and `&#115;&#107;`.
 */
const PER_CHARACTER: readonly CharacterEncoding[] = [
  { encoding: 'hex list', encode: (byte) => `0x${hexOf(byte)}` },
  { encoding: 'hex escapes', encode: (byte) => `x${hexOf(byte)}` },
  { encoding: 'unicode escapes', encode: (byte) => `u00${hexOf(byte)}` },
  { encoding: 'decimal', encode: (byte) => byte.toString(10) },
  { encoding: 'decimal padded', encode: (byte) => byte.toString(10).padStart(3, '0') },
  { encoding: 'octal', encode: (byte) => byte.toString(8).padStart(3, '0') },
  { encoding: 'binary', encode: (byte) => byte.toString(2).padStart(8, '0') },
  { encoding: 'rot13', encode: rot13 },
  { encoding: 'url', encode: (byte) => (isAlphanumeric(byte) ? String.fromCharCode(byte) : `%${hexOf(byte)}`) },
  {
    encoding: 'url',
    encode: (byte) => (isUnreserved(byte) ? String.fromCharCode(byte) : `%${hexOf(byte)}`),
  },
];

/** Cores lie end to end after the head that may be lost; the last one overlaps, so that it is as long as the others. */
function plainForm(value: Buffer, coreLength: number): EncodedForm {
  const lost = Math.max(0, Math.min(MAX_LOST_HEAD, value.length - MIN_REMAINDER));
  const count = Math.max(1, Math.ceil((value.length - lost) / coreLength));
  const cores = Array.from({ length: count }, (_, index): Range => {
    const start = Math.max(lost, Math.min(lost + index * coreLength, value.length - coreLength));
    return [start, Math.min(start + coreLength, value.length)];
  });
  return { encoding: 'plain', text: value.toString('latin1'), cores };
}

/** With fewer cores: for encodings in which pieces of a secret are not expected, which keeps the automaton small. */
function withFirstCores(form: EncodedForm): EncodedForm {
  return { ...form, cores: form.cores.slice(0, 2) };
}

function reversed(form: EncodedForm): EncodedForm {
  const { length } = form.text;
  const cores = form.cores.map(([start, end]): Range => [length - end, length - start]);
  return { encoding: 'reversed', text: [...form.text].reverse().join(''), cores };
}

function perCharacter(form: EncodedForm, encoding: string, encode: (byte: number) => string): EncodedForm {
  const pieces = Array.from(form.text, (character) => encode(character.charCodeAt(0)));
  const offsets = [0];
  for (const piece of pieces) offsets.push((offsets.at(-1) ?? 0) + piece.length);
  const at = (index: number) => offsets[index] ?? 0;
  return { encoding, text: pieces.join(''), cores: form.cores.map(([start, end]): Range => [at(start), at(end)]) };
}

/** Base64 at the three offsets a value can have in a longer text; only characters that the value alone determines. */
function base64Forms(form: EncodedForm, encoding: string): readonly EncodedForm[] {
  return bitForms(form, encoding, 6, 3, (bytes) => bytes.toString('base64'));
}

function base32Forms(form: EncodedForm, alphabet: string, encoding: string): readonly EncodedForm[] {
  return bitForms(form, encoding, 5, 5, (bytes) => base32Of(bytes, alphabet));
}

/** Five characters for four bytes, at the four offsets a value can have; only groups that the value alone determines. */
function base85Forms(form: EncodedForm, alphabet: string): readonly EncodedForm[] {
  return Array.from({ length: 4 }, (_, lead) => {
    const bytes = Buffer.from(form.text, 'latin1').subarray(lead);
    const groups = Array.from({ length: Math.floor(bytes.length / 4) }, (__, index) => bytes.readUInt32BE(index * 4));
    const text = groups.map((group) => base85Of(group, alphabet)).join('');
    const cores = form.cores.map(
      ([start, end]): Range => [
        Math.ceil(Math.max(0, start - lead) / 4) * 5,
        Math.min(groups.length, Math.floor((end - lead) / 4)) * 5,
      ],
    );
    return { encoding: 'base85', text, cores: cores.filter(([start, end]) => end > start) };
  }).filter(({ cores }) => cores.length > 0);
}

function base85Of(group: number, alphabet: string): string {
  return [85 ** 4, 85 ** 3, 85 ** 2, 85, 1].map((unit) => alphabet[Math.floor(group / unit) % 85]).join('');
}

/** Words of two bytes as a little-endian machine prints them (`od -x`, `hexdump`), at both offsets. */
function hexWordForms(form: EncodedForm): readonly EncodedForm[] {
  return [0, 1].map((lead) => {
    const whole = form.text.length - ((form.text.length - lead) % 2);
    const swapped = form.text.slice(lead, whole).replace(/(.)(.)/gs, '$2$1');
    const place = (at: number): number => Math.min(Math.max(0, Math.ceil((at - lead) / 2) * 2), whole - lead);
    const cores = form.cores.map(([start, end]): Range => [place(start), place(end - 1)]);
    return perCharacter(
      { ...form, text: swapped, cores: cores.filter(([start, end]) => end > start) },
      'hex words',
      hexOf,
    );
  });
}

function bitForms(
  form: EncodedForm,
  encoding: string,
  bitsPerCharacter: number,
  offsets: number,
  encode: (bytes: Buffer) => string,
): readonly EncodedForm[] {
  return Array.from({ length: offsets }, (_, lead) => {
    const encoded = encode(Buffer.concat([Buffer.alloc(lead), Buffer.from(form.text, 'latin1')]));
    const first = Math.ceil((lead * 8) / bitsPerCharacter);
    const last = Math.floor(((lead + form.text.length) * 8) / bitsPerCharacter);
    const cores = form.cores.map(
      ([start, end]): Range => [
        Math.ceil(((lead + start) * 8) / bitsPerCharacter) - first,
        Math.floor(((lead + end) * 8) / bitsPerCharacter) - first,
      ],
    );
    return { encoding, text: encoded.slice(first, last), cores };
  });
}

/** An inner base64 text differs between the alphabets as soon as it is encoded again. */
function bothAlphabets(form: EncodedForm): readonly EncodedForm[] {
  const url = form.text.replaceAll('+', '-').replaceAll('/', '_');
  return url === form.text ? [form] : [form, { ...form, text: url }];
}

/** RFC 4648 §6 and §7. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE32_HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
/** Ascii85 (btoa, Adobe), RFC 1924 (git, Python), Z85 (ZeroMQ 32/Z85). */
const BASE85_ALPHABETS = [
  Array.from({ length: 85 }, (_, index) => String.fromCharCode(0x21 + index)).join(''),
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~',
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#',
] as const;

function base32Of(bytes: Buffer, alphabet: string): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function rot13(byte: number): string {
  const letter = byte | 0x20;
  if (letter < 0x61 || letter > 0x7a) return String.fromCharCode(byte);
  return String.fromCharCode(letter > 0x6d ? byte - 13 : byte + 13);
}

function isAlphanumeric(byte: number): boolean {
  return /[0-9A-Za-z]/.test(String.fromCharCode(byte));
}

/** RFC 3986 §2.3. */
function isUnreserved(byte: number): boolean {
  return /[0-9A-Za-z._~-]/.test(String.fromCharCode(byte));
}
