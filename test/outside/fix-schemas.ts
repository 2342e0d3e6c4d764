/**
 * Makes every fix of every pipeline and asks the platform's own JSON schema before and after: no fix may bring an error.
 * `--help` explains. Schemas and pipelines are given as paths; nothing of them is kept here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Ajv, type ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { allRules, auditTree, planVerifiedFixes } from '../../src/audit/index.ts';
import { type FileChange, planFixes } from '../../src/findings/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

const HELP = `usage: node test/outside/fix-schemas.ts [--PLATFORM SCHEMA]… [--pipelines PLATFORM=DIRECTORY]…

  --gitlab    the schema of GitLab's own editor (app/assets/javascripts/editor/schema/ci.json)
  --azure     the schema of Azure Pipelines (service-schema.json)
  --github    the schema of GitHub workflows (github-workflow.json of the JSON Schema Store)
  --pipelines a directory of pipelines of that platform, each judged as the only file of a repository

The Python package check-jsonschema carries all three. The examples of all rules are always tried, too.
A fix fails when the file had no error of a kind before it and has one after it.`;

interface Platform {
  readonly covers: RegExp;
  /** Where a lone pipeline of a directory stands in its repository. */
  placeOf(name: string): string;
  /** Azure takes every scalar for text, as its schema does. */
  readonly scalarsAreText: boolean;
}

const PLATFORMS: Readonly<Record<string, Platform>> = {
  gitlab: { covers: /\.gitlab-ci\.ya?ml$/, placeOf: () => '.gitlab-ci.yml', scalarsAreText: false },
  azure: { covers: /azure-pipelines[\w.-]*\.ya?ml$/, placeOf: () => 'azure-pipelines.yml', scalarsAreText: true },
  github: {
    covers: /^\.github\/workflows\/[^/]+\.ya?ml$/,
    placeOf: (name) => `.github/workflows/${name}`,
    scalarsAreText: false,
  },
};

type Files = Readonly<Record<string, string>>;

const { values } = parseArgs({
  options: {
    gitlab: { type: 'string' },
    azure: { type: 'string' },
    github: { type: 'string' },
    pipelines: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const CONTEXT = { today: '2026-11-21' };
const readers = await loadReaders();
let failed = false;
for (const [name, platform] of Object.entries(PLATFORMS)) {
  const schema = values[name as 'gitlab' | 'azure' | 'github'];
  if (schema !== undefined) tryPlatform(name, platform, compile(schema, platform));
}
process.exitCode = failed ? 1 : 0;

function compile(path: string, { scalarsAreText: coerceTypes }: Platform): ValidateFunction {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateFormats: false,
    unicodeRegExp: false,
    coerceTypes,
    logger: false,
  });
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
}

function tryPlatform(name: string, platform: Platform, validate: ValidateFunction): void {
  const repositories = [...given(name, platform), ...examples(platform)];
  let fixes = 0;
  let plans = 0;
  const troubles: string[] = [];
  for (const files of repositories) {
    const audit = auditTree(memoryTree(files), readers, CONTEXT);
    const source = audit.facts.source;
    for (const finding of audit.findings) {
      for (const fix of finding.fixes) {
        const alone = planFixes({ findings: [{ ...finding, fixes: [fix] }], source }, { safety: 'unsafe' });
        if (!alone.files.some(({ path }) => platform.covers.test(path))) continue;
        fixes++;
        troubles.push(...newErrors(alone.files).map((error) => `${finding.rule} “${fix.title}”: ${error}`));
      }
    }
    const all = planVerifiedFixes(audit, audit.findings, 'unsafe', readers, CONTEXT);
    if (all.files.some(({ path }) => platform.covers.test(path))) plans++;
    troubles.push(...newErrors(all.files).map((error) => `all fixes together: ${error}`));
  }
  const own = repositories.flatMap((files) => Object.entries(files).filter(([path]) => platform.covers.test(path)));
  const sound = own.filter(([, text]) => errorsOf(text, validate).length === 0).length;
  console.log(
    `${name}: ${sound} of ${own.length} pipelines without an error before; ${fixes} fixes alone and ${plans} times all together, ${troubles.length} with a new schema error`,
  );
  for (const trouble of new Set(troubles)) console.log(`  ${trouble}`);
  failed ||= troubles.length > 0;

  function newErrors(changes: readonly FileChange[]): readonly string[] {
    return changes
      .filter(({ path }) => platform.covers.test(path))
      .flatMap(({ path, before, after }) => {
        const known = new Set(errorsOf(before ?? '', validate));
        return errorsOf(after, validate)
          .filter((error) => !known.has(error))
          .map((error) => `${path} ${error}`);
      });
  }
}

function given(name: string, { placeOf }: Platform): readonly Files[] {
  const directories = values.pipelines.flatMap((entry) => {
    const at = entry.indexOf('=');
    return entry.slice(0, at) === name ? [entry.slice(at + 1)] : [];
  });
  return directories.flatMap((directory) =>
    readdirSync(directory).map((file) => ({ [placeOf(file)]: readFileSync(join(directory, file), 'utf8') })),
  );
}

/** The examples of the rules that hold a pipeline of the platform, each set of files once. */
function examples({ covers }: Platform): readonly Files[] {
  const sets = [...allRules().values()]
    .flatMap(({ attack, benign }) => [attack, benign])
    .filter((files) => files.some(({ file }) => covers.test(file)))
    .map((files) => Object.fromEntries(files.map(({ file, text }) => [file, text])));
  return [...new Map(sets.map((files) => [JSON.stringify(files), files])).values()];
}

/** Errors by keyword and route, so that the same error at another line is the same. */
function errorsOf(text: string, validate: ValidateFunction): readonly string[] {
  const documents = parseAllDocuments(text, {
    merge: true,
    logLevel: 'silent',
    customTags: [{ tag: '!reference', collection: 'seq' }],
  });
  const last = Array.isArray(documents) ? documents.at(-1) : undefined;
  if (last === undefined) return [];
  if (last.errors.length > 0) return last.errors.map(({ code }) => `is no YAML: ${code}`);
  validate(last.toJS({ maxAliasCount: 1000 }));
  return (validate.errors ?? []).map(({ instancePath, keyword, message }) =>
    `${instancePath} ${keyword} ${message ?? ''}`.trim(),
  );
}
