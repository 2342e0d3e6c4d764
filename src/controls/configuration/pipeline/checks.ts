/** What a pipeline runs to find faults. The name stays the same when arguments or versions change. */
export interface Check {
  readonly name: string;
  readonly kind: 'security' | 'test' | 'quality';
}

interface CheckRow extends Check {
  /** Matched from the start of the command's words, or of the action's name; bounded in every part. */
  readonly pattern: RegExp;
}

const RUNNER = String.raw`(?:(?:npx|pnpm|yarn|bunx?|npm|uv|poetry|pipenv|hatch|bundle|python3?|sudo|time|rye|pdm)\s+(?:run\s+|exec\s+|dlx\s+|-m\s+|--\s+){0,3})?`;

/** Commands and actions by what they look for. */
const CHECKS: readonly CheckRow[] = [
  command('dependency audit', 'security', String.raw`(?:npm|pnpm|yarn|bun)\s+(?:npm\s+)?audit\b`),
  command('pip-audit', 'security', `${RUNNER}pip-audit\\b`),
  command('cargo audit', 'security', String.raw`cargo[\s-](?:audit|deny|vet)\b`),
  command('govulncheck', 'security', String.raw`(?:go\s+run\s+\S{1,80})?govulncheck\b`),
  command('bundle audit', 'security', String.raw`bundle(?:r)?[\s-]audit\b`),
  command(
    '$&',
    'security',
    `${RUNNER}(?:semgrep|bandit|gosec|brakeman|trivy|grype|osv-scanner|snyk|checkov|tfsec|kics|terrascan|gitleaks|trufflehog|detect-secrets|safety|zizmor|actionlint|poutine|codeql|dependency-check|hadolint|kube-linter|kubescape|conftest|cosign|sallyport|spotbugs|findsecbugs)\\b`,
  ),
  command('tests', 'test', String.raw`(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:test|t|tst)(?:[:\s]|$)`),
  command(
    'tests',
    'test',
    `${RUNNER}(?:jest|vitest|mocha|ava|tap|playwright|cypress|pytest|unittest|rspec|phpunit)\\b`,
  ),
  // They run sessions of any kind; with none named, or one of this kind, they test.
  command(
    'tests',
    'test',
    `${RUNNER}(?:tox|nox)\\b(?!(?:\\s+\\S{1,60}){0,4}?\\s+(?:-[se]|--sessions?|--env)[= ]+(?!\\S{0,60}(?:test|lint|check|typ|py)))`,
  ),
  command(
    'tests',
    'test',
    String.raw`(?:go|cargo|dotnet|swift|mix|sbt|deno|bazel|make|just|rake|node)\s+(?:-{1,2})?(?:test|check|spec|nextest)\b`,
  ),
  command('tests', 'test', String.raw`(?:\./)?(?:mvnw?|gradlew?)\s+(?:\S{1,60}\s+){0,4}(?:test|verify|check)\b`),
  command('lint', 'quality', String.raw`(?:npm|pnpm|yarn|bun)\s+run\s+(?:lint|typecheck|check|format:check)`),
  command(
    'lint',
    'quality',
    `${RUNNER}(?:eslint|biome|ruff|flake8|mypy|pylint|tsc|golangci-lint|rubocop|shellcheck|staticcheck)\\b`,
  ),
  command('lint', 'quality', String.raw`(?:go\s+vet|cargo\s+clippy)\b`),
  action('codeql', 'security', 'github/codeql-action'),
  action('dependency review', 'security', 'actions/dependency-review-action'),
  action('scorecard', 'security', 'ossf/scorecard-action'),
  action(
    '$&',
    'security',
    String.raw`[\w.-]{1,80}/[\w.-]{0,80}(?:trivy|grype|semgrep|gitleaks|trufflehog|snyk|checkov|tfsec|kics|bandit|gosec|zizmor|osv-scanner|hadolint|sonar|anchore|codacy|govulncheck|sallyport|scan)[\w.-]{0,80}`,
  ),
  action('coverage', 'quality', 'codecov/codecov-action'),
  action('lint', 'quality', '(?:golangci/golangci-lint-action|super-linter/super-linter|biomejs/setup-biome)'),
];

function command(name: string, kind: Check['kind'], pattern: string): CheckRow {
  return { name, kind, pattern: new RegExp(`^${pattern}`, 'i') };
}

function action(name: string, kind: Check['kind'], pattern: string): CheckRow {
  return { name, kind, pattern: new RegExp(`^uses ${pattern}`, 'i') };
}

/** Longer command lines are judged by their beginning. */
const JUDGED = 400;

/** The check that a command line runs; for an action write `uses owner/name`. */
export function checkOf(words: string): Check | undefined {
  const text = words.slice(0, JUDGED);
  for (const { name, kind, pattern } of CHECKS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    return {
      kind,
      name:
        name === '$&'
          ? (match[0]
              .replace(/^uses /, '')
              .split(/\s+/)
              .at(-1)
              ?.toLowerCase() ?? name)
          : name,
    };
  }
  return undefined;
}

const SECURITY_PART =
  /(?:^|[-_.\s])(?:sast|dast|security|scans?|scanner|scanning|audit|codeql|semgrep|trivy|grype|snyk|gitleaks|trufflehog|secrets?[-_](?:detection|scan)|vulnerabilit(?:y|ies)|compliance|fuzz(?:ing)?|scorecard|zizmor|sbom)(?:$|[-_.\s])/i;
const TEST_PART = /(?:^|[-_.\s])(?:tests?|e2e|checks?|verify|verification|validate|validation)(?:$|[-_.\s])/i;
const QUALITY_PART = /(?:^|[-_.\s])(?:lint|linter|linting|quality|typecheck|static[-_]analysis)(?:$|[-_.\s])/i;

/** What a part of a pipeline that others keep is for, by its own name: `group/parts/sast.yml`. */
export function checkOfPart(path: string): Check | undefined {
  const name =
    path
      .split('/')
      .at(-1)
      ?.replace(/(?:\.gitlab-ci)?\.ya?ml$/i, '')
      .slice(0, JUDGED)
      .toLowerCase() ?? '';
  const kind = SECURITY_PART.test(name)
    ? 'security'
    : TEST_PART.test(name)
      ? 'test'
      : QUALITY_PART.test(name)
        ? 'quality'
        : undefined;
  return kind && { name, kind };
}

/** Arguments that make a check pass whatever it finds, as programs document them. */
export const TOLERANT_ARGUMENTS: readonly RegExp[] = [
  /^--pass-?with-?no-?tests$/i,
  /^--exit-zero$/,
  /^--no-verify$/,
  /^--soft-fail$/,
  /^--no-fail(?:-on-\w{1,20})?$/,
  /^--no-exit-code$/,
  /^--audit-level=(?:critical|none)$/,
  /^--fail-on=never$/,
  /^--fail-?never$|^-fn$/,
  /^-Dmaven\.test\.(?:skip|failure\.ignore)(?:=true)?$|^-DskipTests(?:=true)?$/,
  /^--skip-tests?$/,
  /^--ignore-(?:failures|errors)$/,
  /^--insecure$|^--no-check-certificate$/,
];
