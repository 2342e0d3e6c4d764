import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import type { JsonObject } from '../../system/index.ts';
import { asText, parseObject } from '../json-fields.ts';
import { isNativeBinary, isSystemPath, realFile } from '../program.ts';

/** Where Claude Code lies on this machine. */
export interface Installation {
  /** The file that is started: the native binary, or `cli.js` of the old npm layout. */
  readonly binary: string;
  readonly version: string | undefined;
  /** What must be visible inside. */
  readonly readOnly: readonly string[];
}

const PACKAGE = '@anthropic-ai/claude-code';

/** Platform packages beside the npm package, by Node's names for platform and processor. */
const PLATFORMS: readonly string[] = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'linux-arm64-musl'];

const MANIFEST_BYTES = 64 * 1024;

/**
 * Finds the installation behind a program path, reading only names and `package.json`; runs nothing. Knows the npm
 * layout (with or without its install script having run) and the native installer's `versions/X.Y.Z` layout.
 */
export function findInstallation(program: string): Installation {
  const file = realFile(program);
  const root = npmRoot(file);
  const found = root === undefined ? nativeInstallation(file) : npmInstallation(root, file);
  return { ...found, readOnly: found.readOnly.filter((path) => !isSystemPath(path)) };
}

/** One file, whose directory or name is the version. */
function nativeInstallation(file: string): Installation {
  const version = /^\d+\.\d+\.\d+$/.exec(basename(file))?.[0] ?? /\/(\d+\.\d+\.\d+)\/claude$/.exec(file)?.[1];
  return { binary: file, version, readOnly: [file] };
}

/** Is this file, after links, part of Claude Code? Looks at names and manifests only. */
export function isClaudeFile(file: string): boolean {
  return npmRoot(file) !== undefined || /\/claude\/versions\/[^/]+$/.test(file) || basename(file) === 'claude';
}

function npmRoot(file: string): string | undefined {
  const marker = `/node_modules/${PACKAGE}`;
  const start = file.lastIndexOf(`${marker}/`);
  if (start >= 0) return file.slice(0, start + marker.length);
  const platform = new RegExp(`^(.*${marker})-linux-[^/]+/claude$`).exec(file);
  return platform?.[1] ?? aliasedRoot(file);
}

/** The CLI's own file names; under an npm alias the directory has another name, and the manifest tells. */
const PROGRAM_FILES = ['/bin/claude.exe', '/cli.js', '/cli-wrapper.cjs'];

function aliasedRoot(file: string): string | undefined {
  const suffix = PROGRAM_FILES.find((name) => file.endsWith(name));
  if (suffix === undefined) return undefined;
  const root = file.slice(0, -suffix.length);
  return readManifest(join(root, 'package.json'))['name'] === PACKAGE ? root : undefined;
}

function npmInstallation(root: string, file: string): Installation {
  const version = readVersion(join(root, 'package.json')) ?? readVersion(join(dirname(file), 'package.json'));
  if (file.endsWith('.js')) return { binary: file, version, readOnly: [root] };
  if (isNativeBinary(file)) return { binary: file, version, readOnly: [isInside(file, root) ? root : dirname(file)] };
  // Without its install script the npm package holds a stub; the binary is in the platform package beside it.
  for (const platform of PLATFORMS) {
    const directory = `${root}-${platform}`;
    for (const candidate of [directory, join(root, 'node_modules', `${PACKAGE}-${platform}`)]) {
      const binary = join(candidate, 'claude');
      if (existsSync(binary) && isNativeBinary(binary)) return { binary, version, readOnly: [candidate] };
    }
  }
  throw new SallyportError('SP1604', `Claude Code at ${JSON.stringify(root)} has no binary for this platform`);
}

function isInside(file: string, directory: string): boolean {
  return file.startsWith(`${directory}/`);
}

function readVersion(manifest: string): string | undefined {
  return asText(readManifest(manifest)['version']);
}

function readManifest(path: string): JsonObject {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, 'utf8');
  return (text.length > MANIFEST_BYTES ? undefined : parseObject(text)) ?? {};
}
