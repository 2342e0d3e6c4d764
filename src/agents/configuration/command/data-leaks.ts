import type { CommandRisk } from './command-risk.ts';
import type { CommandView, WordView } from './command-view.ts';
import { LOOKUP_PROGRAMS, NETWORK_PROGRAMS, SECRET_FILES, SECRET_VARIABLE, SOCKET_PROGRAMS } from './programs.ts';

const LOCAL = /(^|[/@:=\s[])(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|0\.0\.0\.0)([:/\]\s]|$)/i;
const METADATA = /169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200\b|fd00:ec2::254/i;
const BARE_ADDRESS = /^(?:https?|git|ssh|ftp):\/\/(?:[^@/]{0,100}@)?\d{1,3}(\.\d{1,3}){3}([:/]|$)/i;
const READERS = new Set([
  'cat',
  'head',
  'tail',
  'less',
  'more',
  'grep',
  'egrep',
  'rg',
  'awk',
  'sed',
  'strings',
  'xxd',
  'od',
  'hexdump',
  'base64',
  'cp',
  'mv',
  'ls',
  'find',
  'tar',
  'zip',
  'gzip',
  'openssl',
  'nl',
  'tac',
  'dd',
  'jq',
  'gpg',
]);
const DUMPERS = new Set(['env', 'printenv', 'set', 'export', 'declare', 'compgen']);
const ENCODERS = new Set(['base64', 'base32', 'xxd', 'gzip', 'tar', 'zip', 'openssl', 'od']);
const UPLOAD_OPTION =
  /^(-[a-zA-Z]{0,6}[dFT]|--data(-\w{1,12})?|--form(-string)?|--upload-file|--json|--post-data|--post-file|--body-data)(=|$)/;
const CLOUD_COPIES: readonly RegExp[] = [
  /^aws s3 (cp|sync|mv)/,
  /^(gsutil|gcloud storage) (-m )?(cp|rsync|mv)/,
  /^az storage (blob|file) upload/,
  /^rclone (copy|sync|move)/,
  /^(mc|s3cmd) (cp|put)/,
];

/** Secrets and files on their way to somebody else's host. */
export function assessLeaks(views: readonly CommandView[]): readonly CommandRisk[] {
  return views.flatMap((view) => [
    ...overNetwork(view, views),
    ...throughNames(view),
    ...toCloud(view),
    ...throughGit(view),
    ...secretRead(view),
  ]);
}

function overNetwork(view: CommandView, views: readonly CommandView[]): readonly CommandRisk[] {
  if (!NETWORK_PROGRAMS.has(view.program)) return [];
  const args = view.words.slice(1);
  const metadata = args.find((word) => METADATA.test(word.text));
  if (metadata !== undefined) return [risk(`asks the cloud's metadata service for credentials`, metadata)];
  if (isLocal(args)) return [];
  const found =
    sentArgument(view, args) ?? sentFile(view, args) ?? sentCopy(view, views, args) ?? sentInput(view, views, args);
  if (found !== undefined) return [found];
  const socket =
    SOCKET_PROGRAMS.has(view.program) &&
    view.program !== 'telnet' &&
    !args.some((word) => /^-[a-z]{0,5}[lh]|^--(listen|help)/.test(word.text)) &&
    args.length > 0;
  const reads = views.some((other) => other.pipeline === view.pipeline && other !== view);
  if (socket) return [{ kind: 'exfiltration', what: `opens a raw connection with ${view.program}`, span: view.span }];
  return view.program === 'telnet' && reads
    ? [{ kind: 'exfiltration', what: 'joins a raw connection to other programs', span: view.span }]
    : [];
}

/** A variable or a command's output in the address or in the data. */
function sentArgument(view: CommandView, args: readonly WordView[]): CommandRisk | undefined {
  const dumped = view.inner.find((one) => DUMPERS.has(one.program) || READERS.has(one.program));
  if (dumped !== undefined)
    return {
      kind: 'exfiltration',
      what: `sends the output of ${dumped.program} with ${view.program}`,
      span: view.span,
    };
  for (const [index, word] of args.entries()) {
    const header =
      ['-H', '--header', '-u', '--user', '--oauth2-bearer'].includes(args[index - 1]?.text ?? '') ||
      /^--(?:header|user|oauth2-bearer)=/.test(word.text);
    const secret = word.variables.find((one) => SECRET_VARIABLE.test(one.name) || one.name === 'HOME');
    if (secret === undefined) continue;
    // A key in a header or as the user's password is how every honest client logs in; a destination in a variable hides nothing of the job.
    const wholeAddress = /^["']?\$\{?\w{1,80}\}?["']?$/.test(word.source) && !isData(args, index);
    if (!header && !wholeAddress) return risk(`sends the content of $${secret.name} with ${view.program}`, word);
  }
  const inAddress = args.find(
    (word) =>
      /^https?:\/\/[^/$]{1,200}\/?.{0,400}\$/.test(word.text) && word.variables.some((one) => one.name !== 'VERSION'),
  );
  return inAddress === undefined || !/[?&][\w-]{1,40}=\$/.test(inAddress.text)
    ? undefined
    : risk(`puts the content of a variable into an address of ${view.program}`, inAddress);
}

function isData(args: readonly WordView[], index: number): boolean {
  return UPLOAD_OPTION.test(args[index - 1]?.text ?? '');
}

/** `-d @file`, `-F f=@file`, `-T file`, `scp file host:`. */
function sentFile(view: CommandView, args: readonly WordView[]): CommandRisk | undefined {
  const secret = args.find((word) => isSecretFile(word.text.replace(/^[\w-]{0,40}=?@/, '')));
  const uploads = args.some((word) => UPLOAD_OPTION.test(word.text));
  const copies = ['scp', 'rsync', 'sftp', 'ftp', 'tftp', 'rclone'].includes(view.program);
  if (secret !== undefined && (uploads || copies || SOCKET_PROGRAMS.has(view.program)))
    return risk(`sends ${secret.text}`, secret);
  const upload =
    view.program === 'curl' ? args.findIndex((word) => /^(-[a-zA-Z]{0,6}T|--upload-file)$/.test(word.text)) : -1;
  const file = upload < 0 ? undefined : args[upload + 1];
  return file === undefined ? undefined : risk(`uploads ${file.text}`, file);
}

/** `printenv > f; curl -d @f …`: what one command wrote down, another one sends. */
function sentCopy(
  view: CommandView,
  views: readonly CommandView[],
  args: readonly WordView[],
): CommandRisk | undefined {
  for (const word of args) {
    const file = /^(?:[\w-]{0,40}=)?@?([\w./~-]{2,200})$/.exec(word.text)?.[1];
    const writer =
      file === undefined || file.startsWith('-')
        ? undefined
        : views.find((other) => other !== view && writes(other, file));
    const source = writer && views.find((other) => other.pipeline === writer.pipeline && isLoot(other));
    if (source !== undefined) return risk(`sends ${word.text}, into which ${source.program} was written`, word);
  }
  return undefined;
}

function writes({ command, program, words }: CommandView, file: string): boolean {
  const isTarget = command.redirects.some(
    ({ operator, target }) => operator.startsWith('>') && (target?.literal ?? target?.source) === file,
  );
  return isTarget || (program === 'tee' && words.some(({ text }) => text === file));
}

function isLoot(view: CommandView): boolean {
  const dumps = DUMPERS.has(view.program) && view.words.length === 1;
  return dumps || (READERS.has(view.program) && view.words.some(({ text }) => isSecretFile(text)));
}

/** Something is piped into a program that sends it. */
function sentInput(
  view: CommandView,
  views: readonly CommandView[],
  args: readonly WordView[],
): CommandRisk | undefined {
  const before = views.filter(
    (other) => other.pipeline === view.pipeline && other.command.pipeline.position < view.command.pipeline.position,
  );
  const dump = before.find((one) => DUMPERS.has(one.program) && one.words.length === 1);
  const sends =
    dump !== undefined ||
    args.some((word) => /@-|@\/dev\/stdin|^-$|post-data=-|post-file=-/.test(word.text)) ||
    SOCKET_PROGRAMS.has(view.program);
  const secret = dump ?? before.find((one) => one.words.some((word) => isSecretFile(word.text)));
  const packed = before.find(
    (one) =>
      ENCODERS.has(one.program) || (one.program === 'git' && ['bundle', 'archive'].includes(one.words[1]?.text ?? '')),
  );
  const from = secret ?? packed;
  if (!sends || from === undefined) return encodedAnswer(view, views);
  return {
    kind: 'exfiltration',
    what: `pipes ${from.words
      .map((word) => word.text)
      .join(' ')
      .slice(0, 60)} into ${view.program}`,
    span: view.span,
  };
}

/** `curl … | base64 -d`: the answer is encoded so that nobody reads it. */
function encodedAnswer(view: CommandView, views: readonly CommandView[]): CommandRisk | undefined {
  const after = views.find(
    (other) =>
      other.pipeline === view.pipeline &&
      other.command.pipeline.position > view.command.pipeline.position &&
      other.program === 'base64',
  );
  const decodes = after?.words.some((word) => /^(-[a-zA-Z]{0,3}[dD]|--decode)$/.test(word.text)) === true;
  return decodes ? { kind: 'obfuscation', what: `decodes what ${view.program} fetches`, span: view.span } : undefined;
}

/** Data as a part of a host name: name servers carry it out. */
function throughNames(view: CommandView): readonly CommandRisk[] {
  if (!LOOKUP_PROGRAMS.has(view.program)) return [];
  const word = view.words
    .slice(1)
    .find((one) => (one.variables.length > 0 || one.hasSubstitution) && /[}\w)`"']\.[a-z]/i.test(one.source));
  return word === undefined ? [] : [risk('puts data into a host name that it looks up', word)];
}

function toCloud(view: CommandView): readonly CommandRisk[] {
  const line = [view.program, ...view.words.slice(1).map((word) => word.text)].join(' ');
  if (!CLOUD_COPIES.some((pattern) => pattern.test(line))) return [];
  const word = view.words
    .slice(1)
    .find((one) => isSecretFile(one.text) || one.variables.some((variable) => SECRET_VARIABLE.test(variable.name)));
  return word === undefined ? [] : [risk(`copies ${word.text} to a cloud store`, word)];
}

/** A remote that is a bare address and no name. */
function throughGit(view: CommandView): readonly CommandRisk[] {
  if (view.program !== 'git') return [];
  const line = view.words
    .slice(1)
    .map((word) => word.text)
    .join(' ');
  if (!/(^|\s)(push|remote (add|set-url)|config\b.*\burl)\b/.test(line)) return [];
  const word = view.words.find((one) => BARE_ADDRESS.test(one.text) && !LOCAL.test(one.text));
  return word === undefined ? [] : [risk('sends the repository to a bare address', word)];
}

function secretRead(view: CommandView): readonly CommandRisk[] {
  const read = READERS.has(view.program) ? view.words.slice(1) : [];
  const word = read.find((one) => isSecretFile(one.text) && !isPublicOnMachine(view, one.text));
  if (word !== undefined) return [{ kind: 'secret-read', what: `reads ${word.text}`, span: word.span }];
  const input = view.command.redirects.find(
    (one) => one.operator === '<' && isSecretFile(one.target?.literal ?? one.target?.source ?? ''),
  );
  return input === undefined
    ? []
    : [{ kind: 'secret-read', what: `reads ${input.target?.source ?? ''}`, span: view.span }];
}

/** Which files there are, and whether a line stands in them, is no secret; the whole file is another matter. */
function isPublicOnMachine(view: CommandView, file: string): boolean {
  if (!/^["']?\/etc\/sudoers(\.d(\/[\w.-]*)?)?["']?$/.test(file)) return false;
  return LOOKERS.has(view.program);
}

const LOOKERS: ReadonlySet<string> = new Set(['ls', 'find', 'grep', 'egrep', 'rg']);

function isSecretFile(text: string): boolean {
  return SECRET_FILES.some((pattern) => pattern.test(text));
}

function isLocal(args: readonly WordView[]): boolean {
  return args.some((word) => LOCAL.test(` ${word.text} `));
}

function risk(what: string, word: WordView): CommandRisk {
  return { kind: 'exfiltration', what, span: word.span };
}
