import type { TaintCategory } from '../catalogue.ts';
import type { Relation } from './value.ts';

/** Members of a parsed address that tell one part of it (Python `urllib.parse`, WHATWG URL). */
export const ADDRESS_PARTS: Readonly<Record<string, Relation>> = {
  netloc: 'host',
  hostname: 'host',
  host: 'host',
  origin: 'host',
  scheme: 'scheme',
  protocol: 'scheme',
};

/** Elements that whoever started the program did not choose: the interpreter and the script. */
export const FIXED_ELEMENTS = new Set(['process.argv.0', 'process.argv.1', 'sys.argv.0']);

/** A test that is not of the tree, and says what it vouches for, is believed. */
export const VOUCHES: readonly { readonly name: RegExp; readonly clears: readonly (TaintCategory | '*')[] }[] = [
  { name: /(?:^|\.)(?:is|are)_?(?:valid|safe|allowed|trusted|whitelisted|sanitized)[a-z_]{0,40}$/i, clears: ['*'] },
  // A schema says which structure a value has (ajv.js.org).
  { name: /^ajv(?:\.default)?\(\)\.(?:compile\(\)|validate)$/, clears: ['nosql', 'prototype'] },
  // Whoever can make a file of that name needs no command any more.
  { name: /^(?:fs|fs-extra|path)\.exists?(?:Sync)?$/, clears: ['command'] },
];

/** Members that are numbers whatever they are of. */
export const NUMBER_MEMBERS = new Set(['length', 'byteLength']);

/** Calls that do not come back. */
export const EXITS = new Set([
  'sys.exit',
  'exit',
  'quit',
  'os._exit',
  'os.abort',
  'flask.abort',
  'werkzeug.exceptions.abort',
  'aiohttp.web.HTTPNotFound',
  'process.exit',
  'process.abort',
  'next/navigation.notFound',
]);

/** Encodings that a decoder takes back, by the last segment of their name. */
export const ENCODERS: ReadonlySet<string> = new Set([
  'b64encode',
  'urlsafe_b64encode',
  'b32encode',
  'b16encode',
  'hexlify',
  'b2a_hex',
  'b2a_base64',
  'hex',
  'quote',
  'quote_plus',
  'urlencode',
  'btoa',
  'encodeURIComponent',
  'encodeURI',
]);

/** What takes them back. */
export const DECODERS: ReadonlySet<string> = new Set([
  'b64decode',
  'urlsafe_b64decode',
  'standard_b64decode',
  'b32decode',
  'b16decode',
  'unhexlify',
  'a2b_hex',
  'a2b_base64',
  'fromhex',
  'unquote',
  'unquote_plus',
  'parse_qs',
  'parse_qsl',
  'atob',
  'decodeURIComponent',
  'decodeURI',
]);

/** Parts of a request that the address of a route fixes when that has no parameters. */
export const ADDRESS_SOURCES: ReadonlySet<string> = new Set(['flask.request.path']);

/** Conversions of a class that say the type is harmless. */
export const HARMLESS_CLASSES = new Set([
  'int',
  'float',
  'bool',
  'complex',
  'datetime.datetime',
  'uuid.UUID',
  'decimal.Decimal',
]);
