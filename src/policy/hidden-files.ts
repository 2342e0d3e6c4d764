import { compileGlobs } from './glob.ts';

/**
 * Files that usually hold a credential. They are not copied into the workspace when git does not track them (a tracked
 * one is part of the repository, which the agent is given).
 */
export const HIDDEN_FILES: readonly string[] = [
  '.env',
  '.env.*',
  '*.env',
  '.env-*',
  '.env_*',
  '.env~',
  '.envs/',
  '*.pem',
  '*.key',
  '*.p12',
  '*.pfx',
  '*.jks',
  '*.keystore',
  '*.kdbx',
  '*.ppk',
  '*.asc',
  'id_rsa*',
  'id_dsa*',
  'id_ecdsa*',
  'id_ed25519*',
  '.npmrc',
  '.yarnrc.yml',
  '.pypirc',
  '.netrc',
  '.netrc.*',
  '_netrc',
  '.git-credentials*',
  '.pgpass',
  '.my.cnf',
  '{.,}htpasswd',
  '.dockercfg',
  '**/.docker/config.json',
  '**/.kube/config',
  'kubeconfig',
  '*.kubeconfig',
  'kubeconfig.{yaml,yml,json,conf}',
  '.aws/',
  '.azure/',
  '.gcloud/',
  '.ssh/',
  '.gnupg/',
  '*.tfstate',
  '*.tfstate.*',
  '*.tfvars',
  'credentials*.json',
  '*-credentials.json',
  'credentials.{yml,yaml,xml,ini,toml,txt,csv}',
  '.credentials',
  '.credentials.*',
  'application_default_credentials.json',
  'gha-creds-*.json',
  '*firebase-adminsdk*.json',
  'service-account*.json',
  'service_account*.json',
  '*service-account*.json',
  'sa-key.json',
  'client_secret*.json',
  '{secret,secrets}.{yml,yaml,json,toml,xml,ini,txt,properties}',
  '.secrets',
  '.secrets/',
  '*.secret',
  '*.secrets',
  '*.token',
  '.token',
  '.*{_,-}token',
  'token.txt',
  '{password,passwords}.txt',
  '{api_key,api_keys,api-key,api-keys,apikey,apikeys}.{txt,json}',
  '{key,keystore,signing}.properties',
  'local.settings.json',
  '.vault-token',
  '{.,}vault{_,-}pass{,word}{,.txt}',
  '.sops.agekey',
  '.terraformrc',
  'terraform.rc',
  '**/.terraform.d/credentials.tfrc.json',
  '**/.cargo/credentials',
  '**/.cargo/credentials.toml',
  '**/.gem/credentials',
  '**/.composer/auth.json',
  'auth.json',
  '**/.m2/settings.xml',
  '**/.gradle/gradle.properties',
  '.dev.vars',
  '.direnv/',
  '*.ovpn',
  '.boto',
  '.s3cfg',
  '.databrickscfg',
  '.sentryclirc',
  '.authinfo',
  '.authinfo.*',
  '.rediscli_auth',
  '**/.config/gh/hosts.yml',
  '**/.config/gcloud/**',
  '**/playwright/.auth/**',
  'cookies.txt',
  '.{bash,zsh,sh,python,node_repl,mysql,psql,sqlite,rediscli}_history',
];

/** Templates, written for other people: exceptions to the list above. */
const TEMPLATES: readonly string[] = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  '.env.defaults',
  '.env{-,_}{example,sample,template,dist,defaults}',
  'example.env',
  'sample.env',
  '*.tfvars.example',
  '*.tfvars.sample',
  '*.pub',
];

/** Globs, and exceptions after `!`; a later entry beats an earlier one. An exception is one from its own list only. */
export type HideList = readonly string[];

/** The built-in list as it stands in a policy. */
export const DEFAULT_HIDE: HideList = [...HIDDEN_FILES, ...TEMPLATES.map((glob) => `!${glob}`)];

/** Decides from `policy.workspace.hide` whether an untracked file stays outside: one list is enough. Ignores case. */
export function compileHiddenFiles(lists: readonly HideList[]): (path: string) => boolean {
  const rules = lists.map(compileList);
  return (path) => rules.some((hides) => hides(path));
}

function compileList(hide: HideList): (path: string) => boolean {
  const runs: { readonly hides: boolean; readonly globs: string[] }[] = [];
  for (const entry of hide) {
    const hides = !entry.startsWith('!');
    const last = runs.at(-1);
    const run = last?.hides === hides ? last : { hides, globs: [] };
    if (run !== last) runs.push(run);
    run.globs.push(hides ? entry : entry.slice(1));
  }
  const rules = runs.map(({ hides, globs }) => ({ hides, matches: compileGlobs(globs, { fold: true }) }));
  return (path) => rules.findLast(({ matches }) => matches(path))?.hides === true;
}
