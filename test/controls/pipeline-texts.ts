/** Pipelines of the pairs, made of what they differ in. */
export const CI = '.github/workflows/ci.yml';
export const SCAN = '.github/workflows/scan.yml';
export const PIN = '08c6903cd8c0fde910a37f88322edcfb5dd907a8';

export const job = (lines: string, head = 'on: [push, pull_request]\npermissions: { contents: read }'): string =>
  `${head}\njobs:\n  sec:\n    runs-on: ubuntu-latest\n${lines.replace(/^(?=.)/gm, '    ')}\n`;
export const step = (uses: string, ...inputs: readonly string[]): string =>
  job(`steps:\n  - uses: ${uses}@${PIN}\n    with:\n${inputs.map((input) => `      ${input}\n`).join('')}`);
export const run = (...lines: readonly string[]): string =>
  job(`steps:\n  - run: |\n${lines.map((line) => `      ${line}\n`).join('')}`);
export const called = (uses: string): string =>
  `on: [push, pull_request]\njobs:\n  scan:\n    uses: ${uses}\n  build:\n    runs-on: x\n    steps:\n      - run: make build\n`;
export const scanning = 'on: workflow_call\njobs:\n  scan:\n    runs-on: x\n    steps:\n      - run: semgrep ci\n';
export const matrix = (values: string, use = './ci.sh ${{ matrix.check }}'): string =>
  job(`strategy:\n  matrix:\n    check: [${values}]\n    node: [22, 24]\nsteps:\n  - run: ${use}`);
export const behind = (lines: string): string =>
  `on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: npm test\n  last:\n    needs: [test]\n    runs-on: x\n${lines.replace(/^(?=.)/gm, '    ')}\n`;
export const joined = (condition: string, line = 'test "${{ needs.test.result }}" = success'): string =>
  behind(`${condition}steps:\n  - run: ${line}`);

export const deployments = (...names: readonly string[]): string =>
  `on: push\npermissions: { contents: read }\njobs:\n${names
    .filter((name) => name !== '')
    .map(
      (name) =>
        `  ${name}:\n    timeout-minutes: 5\n    environment: production\n    runs-on: x\n    steps:\n      - uses: acme/ship@${PIN}\n`,
    )
    .join('')}`;
export const chain = (ship: string, build: string): string =>
  `on: push\npermissions: { contents: read }\njobs:\n  test:\n    runs-on: x\n    steps: [{ run: npm test }]\n  build:\n    ${build}\n    runs-on: x\n    steps: [{ run: make }]\n  ship:\n    ${ship}\n    runs-on: x\n    steps: [{ run: ./ship.sh }]\n`;
export const rights = (own: string): string =>
  `on: push\npermissions: { contents: write }\njobs:\n  a:\n    permissions: ${own}\n    runs-on: x\n    steps: [{ run: make }]\n  b:\n    runs-on: x\n    steps: [{ run: ./ship.sh }]\n`;
export const two = (one: string, other: string): string =>
  `on: push\npermissions: { contents: read }\njobs:\n  a:\n    runs-on: x\n    steps:\n      - ${one}\n  b:\n    runs-on: x\n    steps:\n      - ${other}\n`;

export const shipping = (when: string, command: string): string =>
  `pipeline { agent any\n stages { stage('ship') { ${when}\n steps { script { if (env.DRY != 'yes') {\n sh '${command}'\n } } } } } }\n`;

export const servedBy = (...images: readonly string[]): string =>
  job(
    `services:\n${images.map((image, index) => `  s${index}: { image: "${image}" }\n`).join('')}steps:\n  - run: ./ship.sh`,
  );
