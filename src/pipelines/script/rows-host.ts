import { hasOption, optionValues } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { SHELLS } from './nested-shell.ts';
import { isSecretFile } from './secret-files.ts';
import { textOf } from './template-slice.ts';

/** What happens to the machine itself: cleaning up, cutting the network, running text as code. */
export const HOST_ROWS: readonly EffectRow[] = [
  { program: ['rm', 'shred', 'Remove-Item', 'del', 'rmdir', 'rd'], gives: removed },
  {
    program: ['pkill', 'killall'],
    gives: ({ operands: [name] }) => ({ kind: 'cleanup', what: `kill ${name ? textOf(name) : ''}`.trim() }),
  },
  { program: ['ssh-add'], with: ['-D'], gives: { kind: 'cleanup', what: 'ssh-add -D' } },
  { program: 'security', words: 'delete-keychain', gives: { kind: 'cleanup', what: 'security delete-keychain' } },
  {
    program: ['az', 'gcloud', 'npm'],
    words: 'logout',
    gives: ({ line }) => ({ kind: 'cleanup', what: `${line.program} logout` }),
  },
  { program: 'gcloud', words: 'auth revoke', gives: { kind: 'cleanup', what: 'gcloud auth revoke' } },
  { program: ['iptables', 'ip6tables'], gives: firewall },
  { program: 'nft', words: 'add|insert rule', gives: firewall },
  { program: 'ufw', words: 'default deny outgoing', gives: { kind: 'egress-control', mode: 'block', hosts: [] } },
  { program: 'awf', gives: agentFirewall },
  { program: 'eval', gives: ({ line }) => evaluation(line.words.slice(1)) },
  { program: ['Invoke-Expression', 'iex'], gives: ({ line }) => evaluation(line.words.slice(1)) },
  { program: ['source', '.'], gives: sourced },
  { program: [...Object.keys(SHELLS), 'python', 'python3', 'node', 'pwsh', 'perl', 'ruby'], gives: interpreted },
];

/** Their `… | sh` is an effect of theirs. */
const DOWNLOADERS: ReadonlySet<string> = new Set(['curl', 'wget', 'iwr', 'irm']);

function removed({ line, operands }: RowInput): EffectBody | undefined {
  const names = operands.map(textOf);
  const wide = hasOption(line, '-r', '-R', '--recursive', '-Recurse', '/s', '/S') || line.program === 'shred';
  return wide || names.some(isSecretFile)
    ? { kind: 'cleanup', what: [line.program ?? '', ...names].join(' ') }
    : undefined;
}

function firewall({ line }: RowInput): EffectBody | undefined {
  const text = line.words.map(textOf).join(' ');
  const blocks = /\b(OUTPUT|output|DOCKER-USER|FORWARD)\b/.test(text) && /\b(DROP|REJECT|drop|reject)\b/.test(text);
  return blocks ? { kind: 'egress-control', mode: 'block', hosts: [] } : undefined;
}

/** The firewall of GitHub Agentic Workflows runs the agent as its argument. */
function agentFirewall({ line }: RowInput): EffectBody | undefined {
  if (!line.words.some((word) => word.literal === '--')) return undefined;
  const hosts = optionValues(line, '--allow-domains').flatMap((word) => textOf(word).split(','));
  return {
    kind: 'egress-control',
    mode: 'block',
    hosts: hosts.map((host) => host.trim()).filter((host) => host !== ''),
  };
}

function evaluation(words: RowInput['line']['words']): EffectBody | undefined {
  if (words.every((word) => word.literal !== undefined)) return undefined;
  return { kind: 'evaluate', what: words.map(textOf).join(' ') };
}

/** `source <(…)`. */
function sourced({ line }: RowInput): EffectBody | undefined {
  const [file] = line.words.slice(1);
  const isProcess = file?.expansions.some(({ kind }) => kind === 'process' || kind === 'command') ?? false;
  return file && isProcess ? { kind: 'evaluate', what: textOf(file) } : undefined;
}

/** `bash -c "$TEXT"`, `… | sh`, `bash <(…)`: text that is known only when it runs. */
function interpreted({ line, lines }: RowInput): EffectBody | undefined {
  const option = line.words.findIndex((word) => /^(-[A-Za-z]*c|-e|--eval|-Command)$/.test(word.literal ?? ''));
  const text = option < 0 ? undefined : line.words[option + 1];
  if (text) {
    const whole = text.expansions.find(
      ({ kind, span }) => kind !== 'arithmetic' && span.end - span.start >= text.source.length - 2,
    );
    const substituted = text.expansions.some(({ kind }) => kind === 'command');
    return whole || substituted ? { kind: 'evaluate', what: textOf(text) } : undefined;
  }
  const process = line.operands.find((word) => word.expansions.some(({ kind }) => kind === 'process'));
  if (process) return { kind: 'evaluate', what: textOf(process) };
  const feeding = lines.feeding(line);
  const reads = line.operands.length === 0 || hasOption(line, '-s');
  const isShell = Object.hasOwn(SHELLS, line.program ?? '');
  if (!feeding || !reads || !isShell || DOWNLOADERS.has(feeding.program ?? '')) return undefined;
  return { kind: 'evaluate', what: `${feeding.program ?? ''} | ${line.program ?? ''}` };
}
