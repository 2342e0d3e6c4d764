import type { SetupOptions } from './write-setup.ts';

/**
 * A `pre-receive` hook for a bare repository. Git shows it the pushed objects before any ref moves; the policy comes
 * from the branch as it is (gate reference 2.4). Plain `sh`, because a server has that.
 */
export function preReceiveHook({ branches }: SetupOptions): string {
  const refs = branches.map((branch) => `refs/heads/${branch}`);
  return `#!/bin/sh
# Refuses a push to a protected branch that the gate does not let through.
# Install it as hooks/pre-receive of the bare repository, executable, owned by somebody who cannot push.
# SALLYPORT names the program: a fixed version outside of every repository.
set -u
# Whoever may push may push refs/replace/* as well: then git would see other parents than the commits have.
export GIT_NO_REPLACE_OBJECTS=1
protected='${refs.join(' ').replaceAll("'", '')}'
sallyport=\${SALLYPORT:-/usr/local/bin/sallyport}
status=0

refuse() {
  echo "sallyport: $1" >&2
  status=1
}

while read -r old new pushed; do
  # A name that stands for a branch moves that branch.
  ref=$(git symbolic-ref --quiet "$pushed") || ref=$pushed
  case " $protected " in *" $ref "*) ;; *) continue ;; esac
  case $new in *[!0]*) ;; *) refuse "$ref is protected: it is not deleted"; continue ;; esac
  # A branch that did not exist has nothing to be judged against. Only a repository that is empty is begun by a push.
  case $old in *[!0]*) ;; *)
    test -z "$(git for-each-ref --count=1)" || refuse "$ref is protected: it is made by an administrator, not by a push"
    continue
    ;;
  esac
  if ! git merge-base --is-ancestor "$old" "$new"; then
    refuse "$ref is protected: its history is not rewritten"
    continue
  fi
  "$sallyport" gate "$new" --repository "$PWD" --base "$old" --target-ref "$ref" --branch "$ref" \\
    \${SALLYPORT_PUSHER:+--last-pusher "$SALLYPORT_PUSHER"} >&2 || refuse "$ref stays as it is"
done
exit "$status"
`;
}
