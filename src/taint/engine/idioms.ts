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

/** Conversions of a class that say the type is harmless. */
export const HARMLESS_CLASSES = new Set(['int', 'float', 'bool', 'complex', 'datetime.datetime', 'uuid.UUID', 'decimal.Decimal']);
