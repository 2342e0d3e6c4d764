import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { StepScript } from '../../../pipelines/index.ts';
import type { Place, ScriptCommand } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps, onePerJob } from '../agent-job.ts';
import { titleOf } from '../agent-rule.ts';
import { commandStep, workflow } from '../example.ts';
import { removeFlagFix, replaceFix, textAt } from '../fixes.ts';
import { distinctPlaces, NET, variablesOf } from './entries.ts';

const AGENT = 'claude -p "Review the change" --tools Read';

/** Variables that switch the check of certificates off, by the value that does it. */
const SWITCHES: readonly {
  readonly name: RegExp;
  readonly value: RegExp;
  readonly sound: string;
  readonly what: string;
}[] = [
  { name: /^NODE_TLS_REJECT_UNAUTHORIZED$/, value: /^['"]?0['"]?$/, sound: "'1'", what: 'Node takes any certificate' },
  {
    name: /^GIT_SSL_NO_VERIFY$/,
    value: /^['"]?(?:1|true|yes|on)['"]?$/i,
    sound: "'false'",
    what: 'git takes any certificate',
  },
  { name: /^PYTHONHTTPSVERIFY$/, value: /^['"]?0['"]?$/, sound: "'1'", what: 'Python takes any certificate' },
  {
    name: /^(?:npm_config_strict_ssl|NPM_CONFIG_STRICT_SSL)$/,
    value: /^['"]?false['"]?$/i,
    sound: "'true'",
    what: 'npm takes any certificate',
  },
];

/** Variables that name further authorities, and where that is the change's word. */
const AUTHORITY =
  /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|AWS_CA_BUNDLE)$/;
const IN_TREE =
  /^(?:\.{1,2}\/|[\w-]+\/[\w./-]+$|[\w-]+\.(?:pem|crt|cer)$|\$\{\{\s*github\.workspace|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|WORKSPACE|PWD))/;

/** Commands that do it for one request or for good. */
const FLAGS: readonly { readonly program: RegExp; readonly flag: RegExp; readonly what: string }[] = [
  { program: /^curl$/, flag: /^(?:-k|--insecure|-[a-zA-Z]{1,8}k[a-zA-Z]{0,4})$/, what: 'curl takes any certificate' },
  { program: /^wget$/, flag: /^--no-check-certificate$/, what: 'wget takes any certificate' },
  { program: /^git$/, flag: /^http\.sslVerify=false$/i, what: 'git takes any certificate' },
];
const SETTINGS: readonly { readonly words: readonly RegExp[]; readonly what: string }[] = [
  {
    words: [/^(?:npm|pnpm|yarn)$/, /^config$/, /^set$/, /^strict-ssl(?:=false)?$/],
    what: 'npm takes any certificate from now on',
  },
  {
    words: [/^git$/, /^config$/, /^--(?:global|system|local)$/, /^http\.(?:[^ ]+\.)?sslVerify$/i, /^(?:false|0)$/],
    what: 'git takes any certificate from now on',
  },
];

/** NET005 */
export const certificateChecks: Rule = {
  ...NET,
  id: 'NET005',
  name: 'certificate-checks-off',
  title: 'Certificates are not checked around the agent',
  what: 'A variable, option or setting in the job or configuration of an agent switches the check of certificates off, or trusts an authority from the work tree.',
  why: 'Whoever is on the way reads the key and every prompt, answers in the model’s place, and delivers other packages.',
  sources: ['CWE-295', 'Node.js documentation, NODE_TLS_REJECT_UNAUTHORIZED'],
  severity: 'high',
  confidence: 'high',
  fix: 'safe',
  advice: 'Take it out; give a private authority by a file outside the work tree.',
  tags: ['CWE-295', 'CWE-599'],
  attack: [workflow(commandStep(AGENT, ["NODE_TLS_REJECT_UNAUTHORIZED: '0'"]))],
  benign: [workflow(commandStep(AGENT, ["NODE_TLS_REJECT_UNAUTHORIZED: '1'"]))],
  check: (facts) =>
    distinctPlaces([...byVariable(facts), ...onePerJob(facts.runs).flatMap((run) => byCommand(run, facts))]),
};

function byVariable(facts: Facts): readonly FindingDraft[] {
  return variablesOf(facts).flatMap((one): readonly FindingDraft[] => {
    const row = SWITCHES.find(({ name, value }) => name.test(one.name) && value.test(one.value.trim()));
    const authority = AUTHORITY.test(one.name) && IN_TREE.test(one.value.trim());
    if (row === undefined && !authority) return [];
    const fixes =
      row === undefined || one.committed
        ? []
        : [replaceFix('Check certificates again', one.place, soundAt(facts, one.place, row.sound), 'safe')];
    return [
      {
        rule: 'NET005',
        message: `${one.name}: ${row?.what ?? `an authority from the work tree (${one.value.trim()}) is trusted`}, in the environment of ${one.committed ? 'every session here' : `job ${one.where}`}`,
        severity: 'high',
        confidence: 'high',
        place: one.place,
        subject: `${one.where} ${one.name}`,
        ...(fixes.length > 0 ? { fixes } : {}),
      },
    ];
  });
}

/** In a shell line the value stands without quotes of YAML; both take the quoted form. */
function soundAt(facts: Facts, place: Place, sound: string): string {
  const written = textAt(facts, place) ?? '';
  return /^["']/.test(written) ? `${written[0] ?? ''}${sound.slice(1, -1)}${written[0] ?? ''}` : sound;
}

function byCommand(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  return flatSteps([...run.before, run.step]).flatMap(({ run: script }) =>
    (script?.script.commands ?? []).flatMap((command) =>
      script === undefined ? [] : inCommand(run, facts, script, command),
    ),
  );
}

function inCommand(run: AgentRun, facts: Facts, script: StepScript, { words }: ScriptCommand): readonly FindingDraft[] {
  const texts = words.map(({ literal, source }) => literal ?? source);
  const program = texts[0]?.slice(texts[0].lastIndexOf('/') + 1) ?? '';
  const row = FLAGS.find((one) => one.program.test(program) && texts.some((text) => one.flag.test(text)));
  const setting = SETTINGS.find((one) => one.words.every((word, at) => word.test(texts[at] ?? '')));
  const quiet =
    setting !== undefined && /strict-ssl/.test(texts.join(' ')) && !texts.some((text) => /false$/.test(text));
  const at = row === undefined ? 0 : texts.findIndex((text) => row.flag.test(text));
  const word = words[at];
  const what = row?.what ?? (quiet ? undefined : setting?.what);
  if (what === undefined || word === undefined) return [];
  const { text } = script;
  const place = {
    file: text.place.file,
    span: { start: text.offsetOf(word.span.start), end: text.offsetOf(word.span.end) },
  };
  const own = /localhost|127\.0\.0\.1/.test(texts.join(' '));
  const fixes: readonly Fix[] =
    row !== undefined && /^(?:-k|--insecure|--no-check-certificate)$/.test(texts[at] ?? '')
      ? removeFlagFix('Check certificates again', facts, place, 'safe')
      : [];
  return [
    {
      rule: 'NET005',
      message: `${what} in job ${run.job.id}, beside ${titleOf(run)}`,
      severity: own ? 'low' : 'high',
      confidence: 'high',
      place,
      subject: `${run.job.id} ${program} ${texts[at] ?? ''}`,
      ...(fixes.length > 0 ? { fixes } : {}),
    },
  ];
}
