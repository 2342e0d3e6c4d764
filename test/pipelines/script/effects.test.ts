import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../../../src/pipelines/index.ts';
import { scriptEffects } from '../../../src/pipelines/script/index.ts';
import { stepScript } from '../../support/step-script.ts';

/** Effects other than `git`, as kind and the field that tells them apart. */
function effectsOf(text: string): readonly string[] {
  return scriptEffects(stepScript(text)).flatMap((effect) => (effect.kind === 'git' ? [] : [describe(effect)]));
}

function describe(effect: Effect): string {
  switch (effect.kind) {
    case 'checkout':
      return `checkout ${effect.tree} ${effect.ref?.text ?? ''}`.trim();
    case 'build':
      return `build ${effect.tool}${effect.installs ? ' installs' : ''}${effect.lifecycleScripts ? ' scripts' : ''}${effect.locked ? ' locked' : ''}`;
    case 'install':
      return `install ${effect.ecosystem} ${effect.name}@${effect.version ?? ''}${effect.pipedToShell ? ' piped' : ''}`;
    case 'login':
      return `login ${effect.to}${effect.keyless ? ' keyless' : ''}`;
    case 'fetch-text':
      return `fetch ${effect.what}${effect.to === undefined ? '' : ` to ${effect.to}`}`;
    case 'download':
      return `download ${effect.url}${effect.executed ? ' executed' : ''}${effect.verified ? ' verified' : ''}`;
    case 'clone':
      return `clone ${effect.url}${effect.pinned ? ' pinned' : ''}`;
    case 'upload':
      return `upload ${effect.url}`;
    case 'set-environment':
      return `set ${effect.target} ${effect.name ?? '?'}=${effect.value ?? '?'}`;
    case 'container':
      return `container ${effect.image} ${effect.mounts.join()}${effect.privileged ? ' privileged' : ''}`;
    case 'egress-control':
      return `egress ${effect.mode} ${effect.hosts.join()}`;
    case 'write-secret-file':
      return `secret-file ${effect.path}`;
    case 'evaluate':
    case 'cleanup':
    case 'push':
      return `${effect.kind} ${effect.what}`;
    default:
      return effect.kind;
  }
}

const CASES: readonly (readonly [text: string, effects: readonly string[]])[] = [
  // git
  ['git push --force origin HEAD:x', ['push git push --force origin HEAD:x']],
  ['git -C dir push origin "$B"', ['push git push origin $B']],
  ['git clone https://example.test/a.git', ['clone https://example.test/a.git']],
  [
    `git clone https://example.test/a.git\ngit -C a checkout ${'a'.repeat(40)}`,
    ['clone https://example.test/a.git pinned', `checkout unknown ${'a'.repeat(40)}`],
  ],
  ['git fetch origin "pull/$N/head:pr"', ['checkout pull-request "pull/$N/head:pr"']],
  [
    'git fetch origin "pull/$N/head:pr"; git switch pr',
    ['checkout pull-request "pull/$N/head:pr"', 'checkout unknown pr'],
  ],
  ['git switch pr-5', ['checkout pull-request pr-5']],
  ['git fetch origin main', []],
  [
    'git checkout $' + '{{ github.event.pull_request.head.sha }}',
    ['checkout pull-request $' + '{{ github.event.pull_request.head.sha }}'],
  ],
  ['git checkout "$HEAD_REF"', ['checkout pull-request "$HEAD_REF"']],
  ['git checkout main', ['checkout base main']],
  ['git checkout -b new', []],
  ['git checkout -- file', []],
  ['git remote set-url origin "https://x:$TOKEN@example.test/a.git"', ['secret-file .git/config']],
  ['git remote set-url origin https://example.test/a.git', []],
  ['git config --global credential.helper store', ['secret-file ~/.git-credentials']],
  // forge clients
  ['gh pr checkout 1', ['checkout pull-request 1']],
  ['gh issue view "$N" --comments', ['fetch issue']],
  ['BODY=$(gh issue view "$N" --json body -q .body)', ['fetch issue to $BODY']],
  ['gh pr diff 1 > diff.txt', ['fetch pull-request to diff.txt']],
  ['gh pr diff 1 | head -5 | tee diff.txt', ['fetch pull-request to diff.txt']],
  ['gh run view 1 --log-failed', ['fetch run-log']],
  ['gh run view 1', []],
  ['gh pr review 1 --approve', ['approve']],
  ['gh pr review 1 --comment -b x', ['comment']],
  ['gh pr edit 1 --add-label bug', ['label']],
  ['gh pr edit 1 --title x', ['comment']],
  ['gh pr merge 1 --auto', ['merge']],
  ['gh pr create -t a -b b', ['create-pull-request']],
  ['gh -R acme/app issue comment 1 -b x', ['comment']],
  ['gh release create v1', ['release']],
  ['gh workflow run ci.yml', ['dispatch']],
  ['gh repo clone acme/app', ['clone acme/app']],
  ['gh api repos/acme/app/issues/1/comments', ['fetch comment']],
  ['gh api repos/acme/app/issues/1/comments -f body=x', ['comment']],
  ['gh api -X PUT repos/acme/app/pulls/1/merge', ['merge']],
  ['gh api --method POST repos/acme/app/pulls/1/reviews -f event=APPROVE', ['approve']],
  ['gh api "repos/acme/app/collaborators/$U/permission" --jq .permission', ['permission-check']],
  ['gh api -X PUT repos/acme/app/contents/a', ['push contents']],
  ['gh api repos/acme/app', []],
  [`gh api graphql -f query='mutation { mergePullRequest }'`, ['merge']],
  [`gh api graphql -f query='{repository{discussions(first:5){nodes{title}}}}'`, ['fetch comment']],
  [`gh api graphql -f query='{viewer{login}}'`, []],
  ['glab mr note 1 -m x', ['comment']],
  ['glab mr view 1', ['fetch pull-request']],
  ['az repos pr set-vote --id 1 --vote approve', ['approve']],
  // interfaces of other forges and of trackers that people host themselves, each with a twin that brings no text
  ['curl -s "$(System.CollectionUri)x/_apis/git/repositories/a/pullRequests/5/threads"', ['fetch comment']],
  ['curl -s https://api.bitbucket.org/2.0/repositories/a/b/pullrequests/5', ['fetch pull-request']],
  ['curl -s https://git.example.test/rest/api/1.0/projects/A/repos/b/pull-requests/5', ['fetch pull-request']],
  ['curl -s https://git.example.test/api/v1/repos/a/b/issues/5', ['fetch issue']],
  ['curl -s https://git.example.test/api/v1/version', ['download https://git.example.test/api/v1/version']],
  ['curl -s "https://jira.example.test/rest/api/2/search?jql=x"', ['fetch tracker']],
  [
    'curl -s https://jira.example.test/rest/api/2/serverInfo',
    ['download https://jira.example.test/rest/api/2/serverInfo'],
  ],
  ['curl -s "$URL/_apis/wit/workitems/5"', ['fetch tracker']],
  ['curl -s "$URL/_apis/build/builds/5"', ['download $URL/_apis/build/builds/5']],
  ['curl -X PUT https://api.bitbucket.org/2.0/repositories/a/b/pullrequests/5/merge', ['merge']],
  ['curl -X POST https://git.example.test/api/v1/repos/a/b/pulls/5/merge', ['merge']],
  ['curl -X POST "$URL/_apis/git/repositories/a/pushes"', ['push curl POST /git/repositories/a/pushes']],
  ['az boards query --wiql "SELECT x"', ['fetch tracker']],
  ['az boards work-item create --title x', []],
  // packages and builds
  ['npm ci', ['build npm installs scripts locked']],
  ['npm ci --ignore-scripts', ['build npm installs locked']],
  ['npm install', ['build npm installs scripts']],
  ['npm i -g @acme/agent@1.2.3 other', ['install npm @acme/agent@1.2.3', 'install npm other@']],
  ['npm install ./local', ['build npm installs scripts']],
  ['yarn --frozen-lockfile', ['build yarn installs scripts locked']],
  ['yarn', ['build yarn installs scripts']],
  ['npx -y @acme/agent@latest -p x', ['install npm @acme/agent@latest']],
  ['npx -p acme@1.0 run x', ['install npm acme@1.0']],
  ['npx -y cowsay hi', ['install npm cowsay@']],
  ['pip install -r requirements.txt', ['build pip installs scripts']],
  ['pip install "acme[x]==1.0" other>=2', ['install pypi acme@1.0', 'install pypi other@']],
  ['python -m pip install acme', ['install pypi acme@']],
  ['uvx acme@1.0', ['install pypi acme@1.0']],
  ['uv sync --locked', ['build uv installs scripts locked']],
  ['cargo install --locked acme --version 1.0', ['install cargo acme@1.0']],
  ['go install example.test/x@v1', ['install go example.test/x@v1']],
  ['apt-get install -y jq=1.6', ['install apt jq@1.6']],
  ['brew install acme', ['install brew acme@']],
  ['make build', ['build make']],
  ['./gradlew test', ['build gradlew']],
  ['npm run lint', ['build npm run']],
  ['cargo test --all', ['build cargo test']],
  ['pytest -q', ['build pytest']],
  ['npm --version', []],
  // tools that run what the tree says, each with a twin that does not
  ['npm t', ['build npm t']],
  ['npm diff', ['build npm diff']],
  ['npm view acme version', []],
  ['pre-commit run --all-files', ['build pre-commit']],
  ['sonar-scanner -Dsonar.host.url=https://sonar.example.test', ['build sonar-scanner']],
  ['vale docs/', ['build vale']],
  ['hugo --minify', ['build hugo']],
  ['prek run', ['build prek']],
  ['pipenv run pytest', ['build pipenv run']],
  ['pipenv --venv', []],
  ['pdm run test', ['build pdm run']],
  ['uv run --frozen pytest', ['build uv run']],
  ['uv --version', []],
  ['hatch env run test', ['build hatch']],
  ['tox -e py', ['build tox']],
  ['nox', ['build nox']],
  ['tofu plan', ['build tofu plan']],
  ['terraform validate', ['build terraform validate']],
  ['terraform fmt -check', []],
  ['terraform version', []],
  ['mix format', ['build mix format']],
  ['mix local.hex --force', []],
  ['bazel test //...', ['build bazel']],
  ['pants lint ::', ['build pants']],
  ['./mvnw -B verify', ['build mvnw']],
  ['kustomize build --enable-exec overlays/x', ['build kustomize']],
  ['kustomize build overlays/x', []],
  ['awk -f tools/report.awk data.txt', ['build awk -f']],
  [`awk '{ print $1 }' data.txt`, []],
  ['sed -f tools/change.sed data.txt', ['build sed -f']],
  [`sed -i 's/a/b/' data.txt`, []],
  ['java -jar tools/generate.jar', ['build java']],
  ['java -jar /opt/tool.jar', []],
  ['trivy fs .', ['build trivy']],
  ['trivy --version', []],
  ['tar -xPf dist.tar', ['build tar']],
  ['tar xPf dist.tar', ['build tar']],
  ['tar -xzf dist.tgz', []],
  ['tar -cPf dist.tar x', []],
  ['unzip -: -o dist.zip', ['build unzip']],
  ['unzip -o dist.zip', []],
  ['gcloud builds submit .', ['build gcloud builds', 'deploy']],
  ['gcloud builds list', []],
  ['php artisan migrate', ['build php artisan']],
  ['php -v', []],
  // downloads and uploads
  [
    'curl -fsSL https://example.test/i.sh | bash',
    ['download https://example.test/i.sh executed', 'install script https://example.test/i.sh@ piped'],
  ],
  [
    'bash <(curl -s https://example.test/i.sh)',
    [
      'evaluate <(curl -s https://example.test/i.sh)',
      'download https://example.test/i.sh executed',
      'install script https://example.test/i.sh@ piped',
    ],
  ],
  ['curl -Lo tool https://example.test/t && chmod +x tool', ['download https://example.test/t executed']],
  [
    'curl -LO https://example.test/t.sh\nsha256sum -c sums\nbash t.sh',
    ['download https://example.test/t.sh executed verified'],
  ],
  ['wget -qO- https://example.test/a > a.json', ['download https://example.test/a']],
  ['curl -d @- https://example.test/hook', ['upload https://example.test/hook']],
  ['curl -X POST https://api.github.com/repos/acme/app/issues/1/comments -d "$B"', ['comment']],
  ['curl --version', []],
  ['scp a host:b', ['upload host:b']],
  ['aws s3 cp a s3://bucket/b', ['upload s3://bucket/b']],
  // delivery
  ['npm publish', ['build npm publish', 'publish']],
  ['npm publish --dry-run', ['build npm publish']],
  ['twine upload dist/*', ['publish']],
  ['docker push acme/app:1', ['publish']],
  ['docker buildx build --push .', ['build docker build', 'publish']],
  ['kubectl -n x apply -f a.yml', ['deploy']],
  ['kubectl get pods', []],
  ['helm upgrade --install a b', ['deploy']],
  ['terraform apply -auto-approve', ['build terraform apply', 'deploy']],
  ['cosign sign acme/app', ['sign']],
  ['gpg --detach-sign a', ['sign']],
  ['gpg --verify a', []],
  // logins
  ['echo "$P" | docker login -u x --password-stdin', ['login registry', 'secret-file ~/.docker/config.json']],
  ['aws eks update-kubeconfig --name x', ['login kubernetes', 'secret-file ~/.kube/config']],
  ['npm config set //registry.example.test/:_authToken "$T"', ['login registry', 'secret-file ~/.npmrc']],
  ['npm config set fund false', []],
  // the machine
  [
    'docker run --privileged -v /var/run/docker.sock:/var/run/docker.sock acme/app:1 x',
    ['container acme/app:1 /var/run/docker.sock:/var/run/docker.sock privileged'],
  ],
  ['docker run --rm --mount type=bind,source=/a,target=/b acme/app', ['container acme/app /a:/b']],
  ['rm -rf ~/.aws', ['cleanup rm ~/.aws']],
  ['rm a.txt', []],
  ['awf --allow-domains a.test,b.test -- x', ['egress block a.test,b.test']],
  ['eval "$CMD"', ['evaluate $CMD']],
  ['eval "$(ssh-agent -s)"', ['evaluate $(ssh-agent -s)']],
  ['eval "echo a"', []],
  ['bash -c "$CMD"', ['evaluate $CMD']],
  ['bash -c "echo $X"', []],
  ['jq -r .cmd f | sh', ['evaluate jq | sh']],
  // secret files
  ['echo "$KEY" > ~/.ssh/id_rsa', ['secret-file ~/.ssh/id_rsa']],
  ['cat > ~/.claude/.credentials.json <<EOF\n$C\nEOF', ['secret-file ~/.claude/.credentials.json']],
  ['echo "$T" | tee -a ~/.netrc', ['secret-file ~/.netrc']],
  ['echo "fund=false" > .npmrc', []],
  ['echo "$X" > out.txt', []],
];

test('every command has the effects of its row, and its benign twin has none', () => {
  const found = CASES.map(([text]) => [text, effectsOf(text).map(shorten)]);
  assert.deepEqual(found, CASES);
});

/** The path of `gh api` is not what this table is about. */
function shorten(effect: string): string {
  return effect.replace(/^push gh api .*$/, 'push contents');
}

test('git says whether hooks are kept out', () => {
  const guarded = (text: string) =>
    scriptEffects(stepScript(text)).map((effect) => effect.kind === 'git' && effect.guarded);
  assert.deepEqual(guarded('git commit -m x'), [false]);
  assert.deepEqual(guarded('git commit --no-verify -m x'), [true]);
  assert.deepEqual(guarded('git -c core.hooksPath=/dev/null commit -m x'), [true]);
  assert.deepEqual(guarded('git clone a b').length, 1);
});

test('the place is that of program and arguments in the file', () => {
  const [effect] = scriptEffects(stepScript('cd x\nsudo npm ci > log', 'bash', 100));
  assert.deepEqual(effect?.place, { file: 'pipeline.yml', span: { start: 105, end: 116 } });
});

test('a sub-command that only the running shell knows is possible', () => {
  const [effect] = scriptEffects(stepScript('gh pr "$ACTION" 1')).filter(({ kind }) => kind === 'merge');
  assert.equal(effect?.certainty, 'possible');
});

test('a name of a program in text is no effect', () => {
  for (const text of [
    'echo git push',
    'which npm',
    '# npm ci',
    'printf "gh pr merge"',
    'cat <<EOF\nnpm publish\nEOF',
  ]) {
    assert.deepEqual(effectsOf(text), [], text);
  }
});
