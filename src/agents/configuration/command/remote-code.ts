import type { CommandRisk } from './command-risk.ts';
import { type CommandView, quotedScript } from './command-view.ts';
import { DOWNLOADERS, EVALUATORS, INTERPRETERS, SHELLS } from './programs.ts';
import { baseName } from './unwrap.ts';
import { writtenBy } from './written-files.ts';

/** Options after which the next word of an interpreter is code. */
const INLINE = /^-(c|e|r|E|p|pe|ne|[a-z]{0,4}c)$|^--(eval|print|command)$/i;
const FETCHES =
  /urlopen|urlretrieve|requests\.(get|post)|\bfetch\s{0,5}\(|https?\.get\s{0,5}\(|Net::HTTP|file_get_contents\s{0,5}\(\s{0,5}['"]http|open-uri|Invoke-WebRequest|DownloadString/;
const RUNS =
  /\b(exec|execSync|eval|spawn|spawnSync|system|popen|Popen|execfile|check_output|check_call|Function|compile|vm\.run\w{0,30}|iex|Invoke-Expression)\b\s{0,5}[("'`]|subprocess\.|child_process|os\.system|__import__\s{0,3}\(\s{0,3}['"](os|subprocess)['"]\s{0,3}\)/;
const DECODES =
  /b64decode|atob\s{0,5}\(|Buffer\.from\s{0,5}\([^)]{0,2000}['"](base64|hex)['"]|fromhex|bytes\.fromhex|base64_decode|unhexlify|decode64|FromBase64String|marshal\.loads|pickle\.loads?|zlib\.decompress|codecs\.decode/;
const OPENS_SOCKET = /socket|fsockopen|TCPSocket|Socket::|net\.connect|net\.Socket|stream_socket_client/i;
const GIVES_SHELL = /\/bin\/(ba|z|da|k)?sh|pty\.spawn|dup2|cmd\.exe|subprocess\.|exec\s{0,3}[("']/;

/** Code that arrives over the network, in an encoded form, or through a socket, and is run. */
export function assessRemoteCode(views: readonly CommandView[]): readonly CommandRisk[] {
  return views.flatMap((view) => [
    ...pipedInto(view, views),
    ...substituted(view),
    ...inlineCode(view),
    ...downloadedThenRun(view, views),
    ...disguised(view),
  ]);
}

function runsInput(view: CommandView): boolean {
  if (
    view.program === 'eval' ||
    (EVALUATORS.has(view.program) && view.words.some((word) => word.text === '/dev/stdin'))
  )
    return true;
  if (!INTERPRETERS.has(view.program)) return view.wrappers.includes('xargs') && SHELLS.has(view.program);
  const args = view.words.slice(1);
  const code = args.findIndex((word) => INLINE.test(word.text));
  // `… | node -e CODE` reads data, not code; `… | sh -c CODE` and a script file likewise.
  if (code >= 0) return view.wrappers.includes('xargs');
  return (
    args.every((word) => word.text.startsWith('-') || ['/dev/stdin', '-'].includes(word.text)) ||
    (SHELLS.has(view.program) && args.some((word) => word.text === '-s'))
  );
}

function pipedInto(view: CommandView, views: readonly CommandView[]): readonly CommandRisk[] {
  if (view.command.pipeline.position === 0 || !runsInput(view)) return [];
  const before = views.filter(
    (other) => other.pipeline === view.pipeline && other.command.pipeline.position < view.command.pipeline.position,
  );
  const download = before.find(
    (other) => DOWNLOADERS.has(other.program) || other.inner.some((one) => DOWNLOADERS.has(one.program)),
  );
  if (download !== undefined)
    return [
      { kind: 'download-exec', what: `pipes what ${download.program} fetches into ${view.program}`, span: view.span },
    ];
  const decoder = before.find(decodes);
  if (decoder !== undefined)
    return [
      { kind: 'decode-exec', what: `pipes what ${decoder.program} decodes into ${view.program}`, span: view.span },
    ];
  return [];
}

/** Programs and options that turn unreadable text into commands. */
function decodes(view: CommandView): boolean {
  const args = view.words.slice(1).map((word) => word.text);
  switch (view.program) {
    case 'base64':
    case 'base32':
    case 'basenc':
      return args.some((word) => /^(-[a-zA-Z]{0,4}[dD]|--decode)$/.test(word));
    case 'xxd':
      return args.some((word) => /^-[a-z]{0,3}r/.test(word));
    case 'openssl':
      return args[0] === 'base64' || args.includes('-d');
    case 'bzip2':
    case 'gzip':
    case 'xz':
    case 'zstd':
      return args.some((word) => /^(-[a-z]{0,3}d|--decompress)/.test(word));
    case 'gunzip':
    case 'bunzip2':
    case 'unxz':
    case 'zcat':
    case 'uudecode':
    case 'rev':
    case 'tr':
    case 'sed':
      return true;
    case 'echo':
    case 'printf':
      return args.some((word) => ESCAPED.test(word));
    default:
      return INTERPRETERS.has(view.program) && view.words.some((word) => DECODES.test(word.text));
  }
}

const ESCAPED = /(\\x[0-9a-fA-F]{2}|\\[0-3][0-7]{2}){2}/;

/** `sh -c "$(curl …)"`, `source <(curl …)`, `eval "$(… | base64 -d)"`, and a program that is itself computed. */
function substituted(view: CommandView): readonly CommandRisk[] {
  const computed = view.words[0]?.hasSubstitution === true;
  const script = quotedScript(view);
  const evaluates =
    EVALUATORS.has(view.program) ||
    script !== undefined ||
    (INTERPRETERS.has(view.program) && view.words.some((word) => /^<\(/.test(word.source)));
  if (!computed && !evaluates && !(INTERPRETERS.has(view.program) && view.words.some((word) => INLINE.test(word.text))))
    return [];
  const download = view.inner.find((one) => DOWNLOADERS.has(one.program));
  if (download !== undefined)
    return [{ kind: 'download-exec', what: `runs what ${download.program} fetches`, span: view.span }];
  const decoder = view.inner.find(decodes);
  if (decoder !== undefined)
    return [{ kind: 'decode-exec', what: `runs what ${decoder.program} decodes`, span: view.span }];
  return [];
}

function inlineCode(view: CommandView): readonly CommandRisk[] {
  if (!INTERPRETERS.has(view.program) || SHELLS.has(view.program)) return [];
  const flag = view.words.findIndex((word, index) => index > 0 && INLINE.test(word.text));
  const code = view.words.slice(flag < 0 ? 1 : flag + 1).find((word) => flag >= 0 || word.text.length > 20);
  if (code === undefined) return [];
  const { span, text } = code;
  if (
    (OPENS_SOCKET.test(view.words.map((word) => word.text).join(' ')) && GIVES_SHELL.test(text)) ||
    /pty\.spawn/.test(text)
  ) {
    return [
      { kind: 'reverse-shell', what: `opens a socket or terminal and gives it a shell in ${view.program} code`, span },
    ];
  }
  if (FETCHES.test(text) && RUNS.test(text))
    return [{ kind: 'download-exec', what: `fetches and runs code in ${view.program}`, span }];
  if (DECODES.test(text) && RUNS.test(text))
    return [{ kind: 'decode-exec', what: `decodes and runs code in ${view.program}`, span }];
  return [];
}

/** `curl -o x.sh …; sh x.sh`, or `chmod +x x && ./x`. */
function downloadedThenRun(view: CommandView, views: readonly CommandView[]): readonly CommandRisk[] {
  if (!DOWNLOADERS.has(view.program)) return [];
  const files = writtenBy(view)
    .map((file) => baseName(file.path))
    .filter((name) => !['', '-', 'null'].includes(name));
  const remote = view.words.slice(1).find((word) => /^https?:\/\//.test(word.text));
  if (view.words.some((word) => /^-[a-zA-Z]{0,6}O$/.test(word.text)) && remote !== undefined)
    files.push(baseName(remote.text));
  const runner = views.find((other) => {
    const word =
      INTERPRETERS.has(other.program) || other.program === 'source' || other.program === '.'
        ? other.words[1]
        : other.words[0];
    return other !== view && word !== undefined && files.includes(baseName(word.text));
  });
  return runner === undefined
    ? []
    : [{ kind: 'download-exec', what: `runs the file that ${view.program} downloads`, span: runner.span }];
}

/** Blanks by `$IFS`, programs spelled in escapes, and `eval` of a variable. */
function disguised(view: CommandView): readonly CommandRisk[] {
  const first = view.words[0];
  const cut = view.command.assignments.find(({ value }) => /\$\{IFS[%#:]/.test(value?.source ?? ''));
  if (cut !== undefined) return [{ kind: 'obfuscation', what: 'cuts blanks out of $IFS', span: view.span }];
  if (first === undefined) return [];
  const split = view.words.find(
    (word) =>
      /.\$\{?IFS|\$\{?IFS[^}]{0,20}\}?[\w/.-]/.test(word.source) &&
      word.variables.some((one) => one.name === 'IFS' && !one.quoted),
  );
  if (split !== undefined) return [{ kind: 'obfuscation', what: 'hides blanks behind $IFS', span: split.span }];
  const escaped = [first, quotedScript(view)].find(
    (word) => word !== undefined && /\\x[0-9a-fA-F]{2}/.test(word.source),
  );
  if (escaped !== undefined)
    return [{ kind: 'obfuscation', what: 'spells its commands in character codes', span: escaped.span }];
  const variable = view.program === 'eval' ? view.words.slice(1).find((word) => word.variables.length > 0) : undefined;
  if (variable !== undefined)
    return [
      {
        kind: 'input-to-shell',
        what: `evaluates the content of $${variable.variables[0]?.name ?? ''}`,
        span: variable.span,
      },
    ];
  return [];
}
