import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../system/index.ts';

/** What of a distribution's `/etc` is a part of a program's own installation: links from `/usr` lead there. */
interface ProgramEtc {
  readonly directory: string;
  /** Entries of the directory, by version. */
  readonly names: RegExp;
  /** What of each; `''` is all of it. Never what an administrator keeps passwords in. */
  readonly parts: readonly string[];
}

const ROWS: readonly ProgramEtc[] = [
  // No Java starts without its `java.security`. Its file of passwords is readable for its owner alone.
  { directory: '/etc', names: /^java(?:-[\w.+-]+)?$/, parts: [''] },
  // Not `settings.xml`, which may hold passwords.
  { directory: '/etc', names: /^maven$/, parts: ['m2.conf', 'logging'] },
  // Not the pools of `fpm`, whose variables may be secrets.
  { directory: '/etc/php', names: /^\d+\.\d+$/, parts: ['cli', 'mods-available'] },
  { directory: '/etc', names: /^R$/, parts: ['ldpaths', 'Renviron', 'Makeconf', 'javaconf', 'repositories'] },
  {
    directory: '/etc',
    names: /^dotnet$/,
    parts: ['install_location', 'install_location_x64', 'install_location_arm64'],
  },
  // The script that starts the browser reads every file in it.
  { directory: '/etc', names: /^chromium\.d$/, parts: [''] },
];

/** Which of these there are, as absolute paths. @param root what stands before `/etc`; nothing on a host */
export function findProgramEtc(root = ''): readonly string[] {
  return ROWS.flatMap(({ directory, names, parts }) =>
    entriesOf(join('/', root, directory))
      .filter((name) => names.test(name))
      .sort()
      .flatMap((name) => parts.map((part) => join(directory, name, part)))
      .filter((path) => existsSync(join('/', root, path))),
  );
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
