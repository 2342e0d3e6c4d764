/** A program that runs the command in its arguments. */
interface Wrapper {
  readonly valueOptions: readonly string[];
  /** Own operands before the command: the duration of `timeout`. */
  readonly operands: number;
}

const plain: Wrapper = { valueOptions: [], operands: 0 };

/** Programs that run the command in their arguments, with the options of theirs that take a value. */
export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: { valueOptions: ['-u', '-g', '-C', '-D', '-h', '-p', '-R', '-T', '-U', '--user', '--group'], operands: 0 },
  doas: { valueOptions: ['-u', '-C'], operands: 0 },
  env: { valueOptions: ['-u', '-C', '-S', '--unset', '--chdir'], operands: 0 },
  time: { valueOptions: ['-f', '-o'], operands: 0 },
  timeout: { valueOptions: ['-s', '-k', '--signal', '--kill-after'], operands: 1 },
  gtimeout: { valueOptions: ['-s', '-k', '--signal', '--kill-after'], operands: 1 },
  nice: { valueOptions: ['-n', '--adjustment'], operands: 0 },
  ionice: { valueOptions: ['-c', '-n', '-p'], operands: 0 },
  nohup: plain,
  setsid: plain,
  command: plain,
  builtin: plain,
  exec: { valueOptions: ['-a'], operands: 0 },
  stdbuf: { valueOptions: ['-i', '-o', '-e'], operands: 0 },
  unbuffer: plain,
  xargs: { valueOptions: ['-I', '-n', '-P', '-L', '-d', '-a', '-E', '-s', '--max-args', '--max-procs'], operands: 0 },
  retry: { valueOptions: ['-t', '-d', '--times', '--delay'], operands: 0 },
  'xvfb-run': { valueOptions: ['-s', '-n', '-e', '-f', '--server-args'], operands: 0 },
  'dbus-run-session': plain,
  flock: { valueOptions: ['-w', '-E', '--timeout'], operands: 1 },
  dotenvx: plain,
};

const options = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Options that take the next word as their value, so that it is not mistaken for a sub-command or an operand. */
export const VALUE_OPTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  git: options(
    '-C -c --git-dir --work-tree --namespace --exec-path -m --message -F --author --date -b -B -o --push-option --depth --branch --origin --reference --filter --revision -s --strategy -X -u',
  ),
  gh: options(
    '-R --repo -b --body -F --body-file -t --title -l --label -a --assignee -m --milestone -f --field --raw-field -X --method -H --header -q --jq --json -T --template -L --limit -s --state -S --search -B --base --add-label --remove-label --add-assignee --add-reviewer -r --ref --reviewer -n --name -D --dir --hostname --input --job -j -w --workflow --env -e --org -o -u --user -p --project --notes --notes-file --target --subject --cache --preview',
  ),
  glab: options(
    '-R --repo -m --message -d --description -t --title -l --label -a --assignee -b --branch -F -f -X -H -s -q --output -u --unlabel --ref -v --variables',
  ),
  npm: options(
    '--prefix -C -w --workspace --registry --tag --otp --loglevel --cache --userconfig --access -p --package -c --call --script-shell',
  ),
  npx: options('-p --package -c --call --registry --cache -w --workspace --loglevel'),
  yarn: options('--cwd --registry --cache-folder --network-timeout --mutex --modules-folder'),
  pnpm: options('-C --dir --filter -F --registry --reporter --store-dir --prefix --package --loglevel'),
  bun: options('--cwd --filter --registry -c --config --backend -p --package'),
  bunx: options('-p --package'),
  pip: options(
    '-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target --prefix --root --cache-dir --proxy --trusted-host -e --editable --platform --python --only-binary --no-binary',
  ),
  uv: options(
    '--directory --project -p --python --index-url --index --extra-index-url --extra --group --with --package --cache-dir -r --requirement --from --only-group --config-file',
  ),
  uvx: options('--from -p --python --with --index-url'),
  pipx: options('--spec --python --pip-args --index-url'),
  poetry: options('-C --directory -P --project --with --without --only -E --extras -G --group'),
  cargo: options(
    '--manifest-path --package -p --features -F --target --profile --version --git --tag --branch --rev --root --path --registry --index --config -C -j --jobs --bin --example --test',
  ),
  go: options('-C -o -tags -ldflags -mod -run -timeout -count -coverprofile -gcflags -p -modfile'),
  gem: options('-v --version -i --install-dir -s --source -n --bindir'),
  docker: options(
    '-H --host --context --config -l --log-level -v --volume -e --env --env-file --name -w --workdir -u --user -p --publish --network --net --mount --entrypoint --platform -m --memory --cpus --add-host --label --device --cap-add --cap-drop --security-opt --pid --ipc --userns --shm-size --tmpfs --ulimit --restart --hostname -h --volumes-from --gpus --log-driver --pull --cidfile --group-add --dns --link -t --tag -f --file --build-arg --target --cache-from --cache-to --output -o --secret --ssh --builder --password --username',
  ),
  kubectl: options(
    '-n --namespace --context --kubeconfig -f --filename -k --kustomize -l --selector -o --output --as --cluster --user --token -s --server -c --container --image --type -p --patch',
  ),
  helm: options(
    '-n --namespace --kube-context --kubeconfig -f --values --set --version --repo --timeout --set-string --username --password',
  ),
  make: options('-C --directory -f --file --makefile -I -j -o -W -l'),
  just: options('-f --justfile -d --working-directory --set --shell'),
  task: options('-t --taskfile -d --dir -o --output -C'),
  mvn: options('-f --file -pl -P -s --settings -T -rf -gs -D'),
  gradle: options('-p --project-dir -b --build-file -c -I --init-script -x -P -D -g'),
  aws: options('--region --profile --output --query --endpoint-url'),
  gcloud: options('--project --account --configuration --region --zone --format'),
  az: options('--subscription -o --output --query -g --resource-group -n --name --org --organization -p --project'),
  terraform: options('-target -var -var-file -out -state -backend-config'),
  curl: options(
    '-o --output -H --header -d --data --data-raw --data-binary --data-urlencode --json -X --request -u --user -F --form -T --upload-file -A --user-agent -e --referer -b --cookie -c --cookie-jar --retry --retry-delay --connect-timeout -m --max-time -w --write-out --url -x --proxy --cacert --cert --key -E -K --config --resolve --proto -D --dump-header --output-dir --retry-max-time --netrc-file -Y -y -C -r --limit-rate',
  ),
  wget: options(
    '-O --output-document -P --directory-prefix --header --post-data --post-file --body-data --body-file --method -U --user-agent -t --tries -T --timeout -o -a --user --password -Q -e -i',
  ),
  ssh: options('-i -p -o -l -F -J -L -R -D -b -c -e -E -I -m -O -Q -S -w -W -B'),
  scp: options('-i -P -o -l -F -J -c -S'),
  python: options('-m -c -W -X'),
  node: options('-r --require --import --loader -e --eval -p --print --env-file --experimental-loader'),
};
