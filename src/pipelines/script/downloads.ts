import type { ScriptWord } from '../../syntax/index.ts';
import { type CommandLine, hasOption, optionValues } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { forgeCallEffect } from './forge-call.ts';
import { SHELLS } from './nested-shell.ts';
import { textOf } from './template-slice.ts';

/** Options of the download programs that send something. */
const SENDING: readonly string[] = [
  ...[
    '-d',
    '--data',
    '--data-raw',
    '--data-binary',
    '--data-urlencode',
    '--json',
    '-F',
    '--form',
    '-T',
    '--upload-file',
  ],
  ...['--post-data', '--post-file', '--body-data', '--body-file'],
];
/** The same of the cmdlets of PowerShell, whose options have one dash and are no bundles of letters. */
const SENDING_CMDLET = /^-(?:body|infile|form)$/i;
const RUNNERS: ReadonlySet<string> = new Set([
  ...Object.keys(SHELLS),
  'python',
  'python3',
  'node',
  'perl',
  'ruby',
  'eval',
  'source',
  '.',
  'pwsh',
  'iex',
  'Invoke-Expression',
  'php',
]);
/** Programs that compare a file with a known digest or signature. */
const VERIFIERS: ReadonlySet<string> = new Set([
  'sha256sum',
  'sha512sum',
  'sha1sum',
  'shasum',
  'b2sum',
  'md5sum',
  'cosign',
  'minisign',
  'slsa-verifier',
  'gpgv',
  'Get-FileHash',
  'certutil',
]);
/** Trackers and chats by their hosts, and by the paths of those that people host themselves. */
const TRACKERS: readonly RegExp[] = [
  /^https?:\/\/(?:[^/]*\.)?(?:atlassian\.net|linear\.app|sentry\.io|slack\.com|notion\.com|asana\.com|zendesk\.com|intercom\.io|trello\.com)\//,
  // Jira, Azure Boards, YouTrack, ServiceNow, Redmine.
  /\/rest\/api\/(?:2|3|latest)\/(?:search|issue)\b/,
  /\/_apis\/wit\/(?:workitems|workitemsbatch|wiql|queries)\b/i,
  /\/(?:youtrack\/)?api\/issues\b(?=.*\bfields=)/,
  /\/api\/now\/(?:v\d\/)?table\//,
  /\/issues(?:\/\d{1,9})?\.json\b/,
];

/** Whether an address is that of a tracker's or chat's texts. */
export function isTracker(url: string): boolean {
  return TRACKERS.some((tracker) => tracker.test(url));
}

const CMDLETS: readonly string[] = ['Invoke-WebRequest', 'Invoke-RestMethod', 'iwr', 'irm'];

export const DOWNLOAD_ROWS: readonly EffectRow[] = [
  { program: ['curl', 'wget', 'http', 'https', 'xh'], gives: request },
  { program: CMDLETS, gives: request },
  { program: ['aria2c', 'axel', 'Start-BitsTransfer'], gives: (input) => download(input, urlOf(input.line)) },
];

function request(input: RowInput): EffectBody | readonly EffectBody[] | undefined {
  const { line } = input;
  const url = urlOf(line);
  const isCmdlet = CMDLETS.includes(line.program ?? '');
  const sends = isCmdlet ? line.words.some(({ source }) => SENDING_CMDLET.test(source)) : hasOption(line, ...SENDING);
  const [given] = isCmdlet ? cmdletValues(line, 'method') : optionValues(line, '-X', '--request', '--method');
  const method = given ? textOf(given).toUpperCase() : sends ? 'POST' : 'GET';
  if (line.words.length === 1 || hasOption(line, '--version', '--help')) return undefined;
  const call = url === undefined ? undefined : forgeCall(line, url, method);
  if (call) return call;
  if (optionValues(line, '-o', '--output', '-O').some((word) => word.literal === '/dev/null')) return undefined;
  if (url !== undefined && /ACTIONS_ID_TOKEN_REQUEST_URL/.test(url))
    return { kind: 'login', to: 'cloud', keyless: true };
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'upload', url };
  if (url !== undefined && isTracker(url)) return { kind: 'fetch-text', what: 'tracker', to: undefined };
  return download(input, url);
}

function forgeCall(line: CommandLine, url: string, method: string): EffectBody | undefined {
  const api =
    /^(?:https?:\/\/api\.github\.com|https?:\/\/[^/]+\/api\/v[134]|https?:\/\/api\.bitbucket\.org\/2\.0|https?:\/\/[^/]+\/rest\/api\/1\.0|.{0,200}\/_apis|\$\{?(?:GITHUB_API_URL|CI_API_V4_URL)(?::-[^}]*)?\}?|\$\{\{\s*github\.api_url\s*\}\})(\/.*)$/.exec(
      url,
    );
  if (!api) return undefined;
  const path = api[1] ?? '';
  if (/\/access_tokens$/.test(path)) return { kind: 'mint-token', output: undefined, scopes: undefined };
  const body = line.words.map((word) => word.source).join(' ');
  return forgeCallEffect({ path, method, body, program: line.program ?? '' });
}

/** Names of parameters do not mind their case. */
function cmdletValues({ words }: CommandLine, name: string): readonly ScriptWord[] {
  return words.filter((_, index) => words[index - 1]?.source.toLowerCase() === `-${name}`);
}

function urlOf(line: CommandLine): string | undefined {
  const [given] = [...optionValues(line, '--url', '-Source'), ...cmdletValues(line, 'uri')];
  const texts = line.operands.map(textOf);
  const found = given ? textOf(given) : (texts.find((text) => text.includes('://')) ?? texts[0]);
  return found;
}

function download(input: RowInput, url: string | undefined): readonly EffectBody[] {
  const { line, lines } = input;
  const later = lines.after(line);
  const piped = lines.fedBy(line).some(isRunner) || isRunner(lines.enclosing(line));
  const executed = piped || later.some((other) => runsFile(other, fileOf(line, url)));
  const verified = later.some(isVerification) || hasOption(line, '--checksum');
  const found: EffectBody = { kind: 'download', url, executed, verified };
  if (!piped) return [found];
  return [found, { kind: 'install', ecosystem: 'script', name: url, version: undefined, pipedToShell: true }];
}

function isRunner(line: CommandLine | undefined): boolean {
  return line !== undefined && RUNNERS.has(line.program ?? '');
}

function isVerification(line: CommandLine): boolean {
  const first = line.operands[0]?.literal;
  if (line.program === 'gpg') return hasOption(line, '--verify');
  if (line.program === 'gh') return first === 'attestation';
  if (line.program === 'openssl') return first === 'dgst';
  return VERIFIERS.has(line.program ?? '');
}

/** Last part of the path of the file that the download becomes. */
function fileOf(line: CommandLine, url: string | undefined): string | undefined {
  const [option] = optionValues(
    line,
    '-o',
    '--output',
    '--output-document',
    '-OutFile',
    ...(line.program === 'wget' ? ['-O'] : []),
  );
  const redirect = line.command.redirects.find(({ operator }) => operator.startsWith('>'))?.target;
  const named = option ?? redirect;
  const path = named ? textOf(named) : url?.replace(/[?#].*$/s, '');
  return path === undefined || path === '-' || /^\/dev\//.test(path)
    ? undefined
    : path.slice(path.lastIndexOf('/') + 1);
}

function runsFile(line: CommandLine, file: string | undefined): boolean {
  if (file === undefined || file === '') return false;
  if (isNamed(line.words[0], file)) return true;
  const given = line.operands.some((word) => isNamed(word, file));
  if (!given) return false;
  return isRunner(line) || line.program === 'chmod' || line.program === 'install' || line.program === 'dpkg';
}

function isNamed(word: ScriptWord | undefined, file: string): boolean {
  if (word === undefined) return false;
  const text = textOf(word);
  return text === file || text.endsWith(`/${file}`);
}
