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
  Host: 'host',
  Scheme: 'scheme',
};

/** Elements that whoever started the program did not choose: the interpreter and the script. */
export const FIXED_ELEMENTS = new Set(['process.argv.0', 'process.argv.1', 'sys.argv.0']);

/** A test that is not of the tree, and says what it vouches for, is believed. */
export const VOUCHES: readonly { readonly name: RegExp; readonly clears: readonly (TaintCategory | '*')[] }[] = [
  { name: /(?:^|\.)(?:is|are)_?(?:valid|safe|allowed|trusted|whitelisted|sanitized)[a-z_]{0,40}$/i, clears: ['*'] },
  // An element is no text.
  { name: /(?:^|\.)is_?(?:html|dom)?_?(?:element|node|document|window)$/i, clears: ['xss', 'redirect', 'code'] },
  // A schema says which structure a value has (ajv.js.org).
  { name: /^ajv(?:\.default)?\(\)\.(?:compile\(\)|validate)$/, clears: ['nosql', 'prototype'] },
  // Whoever can make a file of that name needs no command any more.
  { name: /^(?:fs|fs-extra|path)\.exists?(?:Sync)?$/, clears: ['command'] },
];

/** Members that are numbers whatever they are of. */
export const NUMBER_MEMBERS = new Set(['length', 'byteLength']);

/**
 * What outsiders do not choose of a thing that they send: the server names an uploaded file (github.com/expressjs/multer),
 * and a page stays on its host.
 */
export const NOT_CHOSEN: ReadonlySet<string> = new Set([
  'express.Request.file.path',
  'express.Request.file.filename',
  'express.Request.file.destination',
  'express.Request.file.size',
  ...['window', 'document'].flatMap((of) =>
    ['origin', 'host', 'hostname', 'port', 'protocol'].map((part) => `${of}.location.${part}`),
  ),
]);

/** Keys of a query below which a value is compared, whatever it is (MongoDB, query operators). */
export const COMPARED_KEYS: ReadonlySet<string> = new Set(['$eq']);

/** Members that elements of a page and jQuery's objects have, and texts do not. */
export const ELEMENT_MEMBERS: ReadonlySet<string> = new Set([
  ...['jquery', 'nodeType', 'nodeName', 'tagName', 'parentNode', 'parentElement', 'ownerDocument', 'addEventListener'],
  ...['appendChild', 'getBoundingClientRect', 'classList'],
]);

/** Methods that, asked the same again, say the same again: `parameters.get('q')`. */
export const READERS: ReadonlySet<string> = new Set([
  ...['get', 'getItem', 'getAttribute', 'header', 'param', 'query', 'val', 'valid'],
]);

/** Methods that find something by the one key that they are given. */
export const LOOKUPS: ReadonlySet<string> = new Set([
  ...['get', 'getItem', 'getAsync', 'hget', 'hgetall', 'mget', 'lookup', 'exists', 'count', 'countDocuments'],
  ...[
    'find',
    'findOne',
    'findAll',
    'findMany',
    'findFirst',
    'findUnique',
    'findById',
    'findByPk',
    'findOneBy',
    'findBy',
  ],
]);

const JQUERY_METHODS: ReadonlySet<string> = new Set([
  ...['add', 'addClass', 'after', 'animate', 'append', 'appendTo', 'attr', 'before', 'bind', 'click', 'clone', 'css'],
  ...['data', 'detach', 'each', 'empty', 'fadeIn', 'fadeOut', 'filter', 'find', 'first', 'hide', 'html', 'last', 'not'],
  ...['off', 'on', 'one', 'parent', 'prepend', 'prop', 'remove', 'removeAttr', 'removeClass', 'replaceWith', 'show'],
  ...['slideDown', 'slideUp', 'text', 'toggle', 'toggleClass', 'trigger', 'unbind', 'val', 'wrap'],
]);

/** Methods of a selection that give it, or one of its kind (d3js.org/d3-selection). */
const D3_METHODS: ReadonlySet<string> = new Set([
  ...[
    'append',
    'attr',
    'call',
    'classed',
    'data',
    'datum',
    'each',
    'enter',
    'exit',
    'filter',
    'html',
    'insert',
    'join',
  ],
  ...['lower', 'merge', 'on', 'order', 'property', 'raise', 'remove', 'select', 'selectAll', 'sort', 'style', 'text'],
]);

/** Methods that set a reader of the command line up (yargs.js.org). */
const YARGS_METHODS: ReadonlySet<string> = new Set([
  ...['alias', 'array', 'boolean', 'check', 'command', 'count', 'default', 'demand', 'demandCommand', 'demandOption'],
  ...['describe', 'env', 'epilog', 'example', 'help', 'number', 'option', 'options', 'scriptName', 'strict', 'string'],
  ...['usage', 'version', 'wrap'],
]);

/** Methods of a server that give it back (elysiajs.com/essential/plugin). */
const ELYSIA_METHODS: ReadonlySet<string> = new Set([
  ...['use', 'get', 'post', 'put', 'delete', 'patch', 'all', 'ws', 'group', 'guard', 'derive', 'resolve', 'state'],
  ...['decorate', 'model', 'onError', 'onRequest', 'onBeforeHandle', 'onAfterHandle', 'mount', 'listen', 'macro'],
]);

/** Things whose methods give the same thing, or one of its kind, back. */
export const FLUENT: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['elysia.Elysia()', ELYSIA_METHODS],
  ['yargs', YARGS_METHODS],
  ['yargs()', YARGS_METHODS],
  ['yargs/yargs()', YARGS_METHODS],
  ...['d3', 'd3-selection'].flatMap((library) =>
    ['select', 'selectAll', 'create'].map((name) => [`${library}.${name}()`, D3_METHODS] as const),
  ),
  ['$()', JQUERY_METHODS],
  ['jQuery()', JQUERY_METHODS],
  ['jquery()', JQUERY_METHODS],
  [
    'express.Response',
    new Set([
      ...['append', 'attachment', 'clearCookie', 'contentType', 'cookie', 'header', 'links', 'location', 'set'],
      ...['status', 'type', 'vary'],
    ]),
  ],
]);

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
  'os.Exit',
  'log.Fatal',
  'log.Fatalf',
  'log.Fatalln',
  'runtime.Goexit',
  'System.exit',
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
  'escape',
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
  'unescape',
]);

/** Parts of a request that the address of a route fixes when that has no parameters. */
export const ADDRESS_SOURCES: ReadonlySet<string> = new Set(['flask.request.path']);

/** Pipes of a parameter that let nothing dangerous through (docs.nestjs.com/pipes). */
export const HARMLESS_PIPES: ReadonlySet<string> = new Set(
  ['Int', 'Float', 'Bool', 'UUID', 'Enum', 'Date'].flatMap((kind) => {
    const name = `@nestjs/common.Parse${kind}Pipe`;
    return [name, `${name}()`];
  }),
);

/** Types whose conversion by the language or the framework leaves nothing dangerous. */
export const HARMLESS_TYPES: ReadonlySet<string> = new Set([
  ...['int', 'float', 'bool', 'number', 'boolean', 'uuid.UUID', 'UUID', 'datetime.date', 'Decimal'],
  ...['int8', 'int16', 'int32', 'int64', 'uint', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'],
  ...['byte', 'short', 'long', 'double', 'char', 'time.Time', 'time.Duration', 'github.com/google/uuid.UUID'],
  ...[
    'Integer',
    'Long',
    'Short',
    'Byte',
    'Double',
    'Float',
    'Boolean',
    'Character',
    'java.util.UUID',
    'java.util.Date',
  ],
  ...['java.math.BigDecimal', 'java.math.BigInteger', 'java.time.LocalDate', 'java.time.LocalDateTime'],
  ...['java.time.Instant', 'java.time.Duration'],
  // docs.pydantic.dev/latest/api/types
  ...['pydantic.UUID1', 'pydantic.UUID3', 'pydantic.UUID4', 'pydantic.UUID5', 'pydantic.UUID7', 'pydantic.PositiveInt'],
  ...['pydantic.NegativeInt', 'pydantic.NonNegativeInt', 'pydantic.PositiveFloat', 'pydantic.StrictInt'],
  ...['pydantic.StrictBool', 'datetime.datetime', 'datetime.time', 'datetime.timedelta', 'decimal.Decimal'],
]);

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

/** A type with what is said of it: `Annotated[Session, Depends(open_session)]`. */
export const ANNOTATED = /^(?:typing|typing_extensions)\.Annotated$/;
