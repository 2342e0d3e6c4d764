import { MAX_DEPTH } from '../../../src/ledger/canonical.ts';

/** Lines that no reader may take for a record, by what is wrong with them. */
export const NOT_CANONICAL: Readonly<Record<string, string>> = {
  'a repeated key': '{"a":1,"a":1}',
  'a repeated key that differs in its escape': '{"a":1,"\\u0061":1}',
  'keys out of order': '{"b":1,"a":1}',
  'white space': '{"a": 1}',
  'a trailing newline': '{"a":1}\n',
  'trailing bytes': '{"a":1}{}',
  'a lone surrogate': '{"a":"\\ud800"}',
  'a lone surrogate in a key': '{"\\udc00":1}',
  'an integer beyond 2^53 - 1': '{"a":9007199254740992}',
  'a negative integer beyond it': '{"a":-9007199254740992}',
  'a great integer with an exponent': '{"a":1e+21}',
  'a number with another spelling': '{"a":1.0}',
  'negative zero': '{"a":-0}',
  'infinity by overflow': '{"a":1e999}',
  'a needless escape': '{"a":"\\/"}',
  'an upper case escape': '{"a":"\\u001F"}',
  'a byte order mark': '\ufeff{"a":1}',
  'an array': '[1]',
  'a bare string': '"a"',
  nothing: '',
  'a deep nest': `{"a":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`,
  'a nest that would overflow the stack': `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
};
