import { entriesOf, type Node, nodeAt, type SourceFile } from '../../syntax/index.ts';
import type { ProductId } from '../invocation/invocation.ts';
import type { AgentConfiguration } from './configuration.ts';
import { readPairs } from './mcp-servers.ts';

type Environment = AgentConfiguration['environment'];

/** Keys that set variables for the agent itself. Servers and hooks carry their own. */
const ENVIRONMENT_ROUTES: readonly { readonly product: ProductId; readonly route: readonly string[] }[] = [
  { product: 'claude-code', route: ['env'] },
  { product: 'codex', route: ['shell_environment_policy', 'set'] },
  { product: 'aider', route: ['set-env'] },
  { product: 'cursor', route: ['env'] },
  { product: 'crush', route: ['env'] },
];

/** Keys that are an address or a key of the model under another name, as aider writes them. */
const NAMED_VARIABLES: readonly { readonly product: ProductId; readonly key: string; readonly name: string }[] = [
  { product: 'aider', key: 'openai-api-base', name: 'OPENAI_API_BASE' },
  { product: 'aider', key: 'openai-api-key', name: 'OPENAI_API_KEY' },
  { product: 'aider', key: 'anthropic-api-key', name: 'ANTHROPIC_API_KEY' },
  { product: 'codex', key: 'openai_base_url', name: 'OPENAI_BASE_URL' },
];

/** The variables that a file sets. */
export function readEnvironment(root: Node | undefined, product: ProductId | 'any', file: string): Environment {
  const maps = ENVIRONMENT_ROUTES.filter((row) => row.product === product);
  const named = NAMED_VARIABLES.filter((row) => row.product === product);
  return [
    ...maps.flatMap((row) => readPairs(nodeAt(root, ...row.route), file)),
    ...named.flatMap((row) => {
      const value = nodeAt(root, row.key);
      return value?.kind === 'scalar' ? [{ name: row.name, value: value.text, place: { file, span: value.span } }] : [];
    }),
    ...(product === 'codex' ? providerAddresses(root, file) : []),
    ...(product === 'opencode' ? opencodeAddresses(root, file) : []),
    ...(product === 'aider' ? modelAddresses(root, file) : []),
  ];
}

/** `model_providers.NAME.base_url`: the same power as a base address variable. */
function providerAddresses(root: Node | undefined, file: string): Environment {
  return entriesOf(nodeAt(root, 'model_providers')).flatMap((provider) =>
    addressOf(nodeAt(provider.value, 'base_url'), `model_providers.${provider.key.text}.base_url`, file),
  );
}

/** `provider.NAME.options.baseURL`. */
function opencodeAddresses(root: Node | undefined, file: string): Environment {
  return entriesOf(nodeAt(root, 'provider')).flatMap((provider) =>
    addressOf(nodeAt(provider.value, 'options', 'baseURL'), `provider.${provider.key.text}.options.baseURL`, file),
  );
}

/**
 * `- name: NAME` with `extra_params.api_base` in a list of model settings: aider hands the parameters to the client
 * library, which sends every request of that model, with its key, to the address it finds there.
 */
function modelAddresses(root: Node | undefined, file: string): Environment {
  const models = root?.kind === 'list' ? root.items : [];
  return models.flatMap((model) =>
    ['api_base', 'base_url'].flatMap((key) =>
      addressOf(nodeAt(model, 'extra_params', key), `extra_params.${key}`, file),
    ),
  );
}

function addressOf(node: Node | undefined, name: string, file: string): Environment {
  return node?.kind === 'scalar' ? [{ name, value: node.text, place: { file, span: node.span } }] : [];
}

const MOST_LINES = 5000;

/** A `.env` file: `NAME=value` lines, `export` in front allowed, quotes removed. */
export function readDotenv(file: SourceFile): Environment {
  const entries: Environment[number][] = [];
  let start = 0;
  for (let count = 0; start < file.text.length && count < MOST_LINES; count++) {
    const newline = file.text.indexOf('\n', start);
    const end = newline < 0 ? file.text.length : newline;
    const entry = readLine(file, start, end);
    if (entry !== undefined) entries.push(entry);
    start = end + 1;
  }
  return entries;
}

function readLine(file: SourceFile, start: number, end: number): Environment[number] | undefined {
  const line = file.text.slice(start, end);
  const head = /^\s{0,40}(?:export\s{1,10})?([A-Za-z_][A-Za-z0-9_.]{0,200})\s{0,10}=[ \t]{0,40}/.exec(line);
  if (head?.[1] === undefined) return undefined;
  const written = line.slice(head[0].length).trimEnd();
  const quote = written[0] === '"' || written[0] === "'" ? written[0] : '';
  const close = quote === '' ? -1 : written.indexOf(quote, 1);
  const comment = written.search(/\s#/);
  const plain = comment < 0 ? written : written.slice(0, comment).trimEnd();
  const value = close > 0 ? written.slice(1, close) : plain;
  const from = start + head[0].length + (close > 0 ? 1 : 0);
  return { name: head[1], value, place: { file: file.path, span: { start: from, end: from + value.length } } };
}
