/** Processes that start often, each bundled into one script: loading many files costs more than reading one. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';
import { build, type Plugin, transform } from 'esbuild';

/** `dist/<name>.cjs` starts it. */
export interface Program {
  readonly name: string;
  readonly source: string;
  /** Those of the packages apart that each start of it uses: they are part of it, and compiled with it. */
  readonly packages: readonly string[];
}

/** Their names are those that `src/run/processes.ts` and `bin/sallyport` look for. */
export const RUN_PROGRAMS: readonly Program[] = [
  { name: 'run', source: 'src/commands/run-process.ts', packages: [] },
  { name: 'broker-process', source: 'src/run/broker-process.ts', packages: [] },
  { name: 'airlock-process', source: 'src/run/airlock-process.ts', packages: [] },
];

export const AUDIT_PROGRAM: Program = {
  name: 'audit',
  source: 'src/commands/audit-process.ts',
  packages: ['jsonc-parser', 'unbash', 'yaml'],
};

/** Of `ci`, `diff`, `gate` and `review`. */
export const CHANGE_PROGRAM: Program = {
  name: 'change',
  source: 'src/commands/change-process.ts',
  packages: ['jsonc-parser', 'unbash', 'yaml', 'zod'],
};

const PROGRAMS: readonly Program[] = [...RUN_PROGRAMS, AUDIT_PROGRAM, CHANGE_PROGRAM];

/** What only some starts need and is large: files of their own, read when they are used. None knows a class of ours. */
const PACKAGES: readonly string[] = [
  '@marcbachmann/cel-js',
  '@peculiar/x509',
  'jsonc-parser',
  'reflect-metadata',
  'smol-toml',
  'unbash',
  'web-tree-sitter',
  'yaml',
  'zod',
];

/** Writes the text of each program, and what starts it, into `dist`. */
export async function bundlePrograms(root: string, dist: string): Promise<void> {
  mkdirSync(join(dist, 'packages'));
  await Promise.all(PACKAGES.map((name) => bundlePackage(root, dist, name)));
  // The package looks for its module beside itself.
  const wasm = 'web-tree-sitter.wasm';
  cpSync(join(root, 'node_modules/web-tree-sitter', wasm), join(dist, 'packages', wasm));
  await Promise.all(PROGRAMS.map((program) => bundleProgram(root, dist, program)));
}

export function programFile(dist: string, { name }: Program): string {
  return join(dist, `${name}.program.js`);
}

export function readProgram(dist: string, program: Program): string {
  return readFileSync(programFile(dist, program), 'latin1');
}

/** Code as it stands in `dist/<name>.code`: behind the id of the program that it was made from. */
export function codeFileOf(program: string, code: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(idOf(program), 'latin1'), code]);
}

/** Binds compiled code to its text: V8 itself compares no more than the length. */
function idOf(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

const TARGET = {
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/** `import()` becomes `require`: the loader of ES modules is not started for it. */
const REQUIRED = { ...TARGET, format: 'cjs', supported: { 'dynamic-import': false } } as const;

async function bundlePackage(root: string, dist: string, name: string): Promise<void> {
  await build({
    ...REQUIRED,
    bundle: true,
    stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: root },
    alias: bundledForms(root),
    outfile: join(dist, packageFile(name)),
    define: { 'import.meta.url': '__filename' },
  });
}

function packageFile(name: string): string {
  return `packages/${name.replaceAll('/', '-').replace('@', '')}.cjs`;
}

/**
 * Packages of which another form than Node's is bundled. jsonc-parser's CommonJS form loads its parts by names that a
 * bundle does not have; yaml's asks the environment at each token whether it should print it.
 */
export function bundledForms(root: string): { readonly [name: string]: string } {
  const forms = { 'jsonc-parser': 'lib/esm/main.js', yaml: 'browser/index.js' };
  return Object.fromEntries(
    Object.entries(forms).map(([name, file]) => [name, join(root, 'node_modules', name, file)]),
  );
}

function packagesApart({ packages }: Program): Plugin {
  const apart = new Set(PACKAGES.filter((name) => !packages.includes(name)));
  return {
    name: 'packages-apart',
    setup({ onResolve }) {
      onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
        apart.has(path) ? { path: `./${packageFile(path)}`, external: true } : undefined,
      );
    },
  };
}

/** No module of ours does anything but declare: what nobody uses of a room is left out, tables and all. */
const declareOnly: Plugin = {
  name: 'declare-only',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      sideEffects: false,
    }));
  },
};

async function bundleProgram(root: string, dist: string, program: Program): Promise<void> {
  // Cut into chunks first: only then is left out what nobody uses of a module that is loaded late.
  const { outputFiles } = await build({
    ...TARGET,
    format: 'esm',
    bundle: true,
    splitting: true,
    entryPoints: [join(root, program.source)],
    outdir: dist,
    write: false,
    alias: bundledForms(root),
    plugins: [packagesApart(program), declareOnly],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__programUrl' },
  });
  const chunks = await Promise.all(outputFiles.map(({ path, text }) => functionOf(`./${basename(path)}`, text)));
  const text = inAscii(scriptOf(`./${basename(program.source, '.ts')}.js`, chunks));
  writeFileSync(programFile(dist, program), text);
  writeFileSync(join(dist, `${program.name}.cjs`), launcherOf(program, text));
}

/** One chunk, as a member of the object of chunks. */
async function functionOf(name: string, module: string): Promise<string> {
  const { code } = await transform(module, { ...REQUIRED, loader: 'js' });
  return `${JSON.stringify(name)}(module,exports,require){${loadWhenUsed(code)}}`;
}

/**
 * Turns each `name = require("node:…")` into a function, and each use of the name into its call.
 * @throws Error where the module as a whole is imported: that would be loaded at once.
 */
export function loadWhenUsed(text: string): string {
  const whole = /__toESM\(require\("(node:[\w/]+)"\)/.exec(text);
  if (whole) throw new Error(`import what is used of ${whole[1]} by its name: as a whole it is loaded at every start`);
  const names = new Set<string>();
  const declared = text.replaceAll(/\b(import_\w+)=require\("(node:[\w/]+)"\)/g, (_, name: string, module: string) => {
    if (!builtinModules.includes(module.slice('node:'.length))) throw new Error(`no built-in module ${module}`);
    names.add(name);
    return `${name}=__whenUsed("${module}")`;
  });
  // In parentheses: `new name().Thing()` would construct the function.
  return declared.replaceAll(/\b(import_\w+)\./g, (use, name: string) => (names.has(name) ? `(${name}()).` : use));
}

/**
 * The chunks of a program in one script. Each is evaluated when it is first required, as the loader of modules would.
 * Built-in modules are loaded at their first use: what a process never asks for (TLS before the first connection,
 * decompression) it never loads.
 */
function scriptOf(entry: string, chunks: readonly string[]): string {
  return `(function(exports,require,module,__filename,__dirname){
const __programUrl=require("node:url").pathToFileURL(__filename).href;
const __whenUsed=(name)=>{let loaded;return()=>loaded??=require(name)};
const __evaluated=new Map();
const __require=(name)=>{
const known=__evaluated.get(name);
if(known)return known.exports;
if(!Object.hasOwn(__chunks,name))return require(name);
const chunk={exports:{}};
__evaluated.set(name,chunk);
__chunks[name](chunk,chunk.exports,__require);
return chunk.exports;
};
const __chunks={
${chunks.join(',\n')}
};
__require(${JSON.stringify(entry)});
})`;
}

/** A text of bytes is half the size in memory, and read as it is. esbuild leaves regular expressions as they were written. */
function inAscii(text: string): string {
  return text.replaceAll(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Starts a program, with V8's compiled code where the build left it and it is of this very text. V8 refuses code of
 * another version or other flags; then, and where there is none, the program is compiled as any other.
 */
export function launcherOf({ name }: Program, program: string): string {
  return `'use strict';
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/${name}.program.js';
const text = readFileSync(filename, 'latin1');
const script = new Script(text, { filename, cachedData: compiledCode() });
script.runInThisContext()(exports, require, module, filename, __dirname);

function compiledCode() {
  try {
    const code = readFileSync(__dirname + '/${name}.code');
    return code.latin1Slice(0, 64) === '${idOf(program)}' ? code.subarray(64) : undefined;
  } catch {
    // Built where the programs could not be rehearsed.
    return undefined;
  }
}
`;
}
