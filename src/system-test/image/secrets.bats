#!/usr/bin/env bats
# Secrets and identities: what --check must find in an image, and what it must not take for a secret.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

PEM='-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n'

# plant FORMAT PATH...: printf's FORMAT is what each file of the root holds.
plant() {
  local content=$1 path
  shift
  for path in "$@"; do
    mkdir -p "$R${path%/*}"
    # shellcheck disable=SC2059 # a format
    printf -- "$content" >"$R$path"
    printf '%s\n' "$path" >>"$R.planted"
  done
}

# named RULE WORD: every planted file, and no other, is below this rule.
named() {
  sed -nE "/^$2 +$1 /,/^(ok|fail|warn) /s/^ +(.*) is or has .*/\1/p" "$R.check" | sort >"$R.named"
  sort "$R.planted" | diff - "$R.named" || fail "< is planted, > is named"
}

@test "credentials are found where packages, people and tools keep them" {
  use_layer finalized
  plant 'machine deb.example.org login me password secret\n' /etc/apt/auth.conf /etc/apt/auth.conf.d/90private.conf /root/.netrc
  plant 'deb https://me:secret@deb.example.org/debian trixie main\n' /etc/apt/sources.list.d/private.list
  plant 'Acquire::http::Proxy "http://me:secret@proxy.example.org:3128";\n' /etc/apt/apt.conf.d/90proxy
  plant 'https_proxy=http://me:secret@proxy.example.org:3128\n' /etc/environment
  plant '[wifi-security]\npsk=secret-words\n' /etc/NetworkManager/system-connections/home.nmconnection
  plant 'network={\n  ssid="home"\n  psk="secret-words"\n}\n' /etc/wpa_supplicant/wpa_supplicant.conf
  plant '%s\n' /etc/openvpn/static.key
  printf -- '-----BEGIN OpenVPN Static key V1-----\n0123\n-----END OpenVPN Static key V1-----\n' >"$R/etc/openvpn/static.key"
  plant ': PSK "secret"\n' /etc/ipsec.secrets
  plant 'me * secret *\n' /etc/ppp/chap-secrets /etc/ppp/pap-secrets
  plant '\0\0me\0realm\0userPassword\0' /etc/sasldb2
  plant '*.example.org:me:secret\n' /etc/exim4/passwd.client
  plant "dbc_dbuser='me'\ndbc_dbpass='secret'\n" /etc/dbconfig-common/roundcube.conf
  plant '{"auths": {"registry.example.org": {"auth": "bWU6c2VjcmV0"}}}\n' /root/.docker/config.json \
    /root/.config/containers/auth.json /etc/ostree/auth.json
  plant '#cloud-config\npassword: secret\n' /etc/cloud/cloud.cfg.d/90password.cfg
  plant '#cloud-config\n' /var/lib/cloud/other/user-data.txt
  plant 'COOKIE' /var/lib/service/.erlang.cookie
  plant 'key' /var/lib/tor/keys/ed25519_master_id_secret_key /var/lib/tor/site/hs_ed25519_secret_key /var/lib/i2pd/router.keys
  plant 'TDB' /var/lib/samba/private/secrets.tdb /var/lib/samba/private/passdb.tdb
  plant 'users:\n- name: admin\n  user:\n    client-key-data: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlC\n' /root/.kube/config
  plant '[default]\naws_secret_access_key = secret\n' /root/.aws/credentials
  plant '{}' /root/.config/gcloud/application_default_credentials.json
  plant 'ghp_0123456789abcdefghijABCDEFGHIJ012345\n' /opt/tool/token
  plant '127.0.1.1 uninteresting\n' /etc/hostid
  run ! check_image
  sed -i 's#^/root/#/var/roothome/#' "$R.planted"
  named private-keys fail
}

@test "private keys are found in every form, however large the file is, and in each place" {
  use_layer finalized
  plant "$PEM" /etc/a.key /opt/tool/b.key /srv/c.key /usr/local/etc/d.key /usr/share/tool/e.key /usr/share/factory/var/f.key
  # shellcheck disable=SC2059 # a format
  printf -- "$PEM" >"$R/etc/a name with"$'\n'"a newline.key"
  printf '%s\n' '/etc/a\x20name\x20with\x0aa\x20newline.key' >>"$R.planted"
  plant '   tls.key: |\n     -----BEGIN EC PRIVATE KEY-----\n     MHcCAQEEIFakeFakeFakeFakeFakeFake\n' /etc/indented.yaml
  plant '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n"}\n' /etc/escaped.json
  plant 'PuTTY-User-Key-File-3: ssh-ed25519\n' /var/lib/tool/key.ppk
  plant 'AGE-SECRET-KEY-1QQPQYRH3LJ53NRRSFNCA6NLSAQXW8Q0C8EDJ3TEXKXQ0SZ0G9F4QAAAAAA\n' /var/lib/tool/age.txt
  openssl genpkey -algorithm ed25519 -outform DER -out "$R/etc/pkcs8.der"
  openssl ecparam -name prime256v1 -genkey -noout -outform DER -out "$R/etc/ec.der"
  openssl genrsa -traditional 2048 2>/dev/null | openssl rsa -traditional -outform DER -out "$R/etc/rsa.der"
  openssl genrsa 2048 2>/dev/null | openssl pkcs8 -topk8 -passout pass:x -outform DER -out "$R/etc/encrypted.der"
  openssl req -new -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout "$R/k" -out "$R/c" 2>/dev/null
  openssl pkcs12 -export -inkey "$R/k" -in "$R/c" -passout pass:x -out "$R/var/lib/tool/store.p12"
  rm "$R/k"
  printf '%s\n' /etc/{pkcs8,ec,rsa,encrypted}.der /var/lib/tool/store.p12 >>"$R.planted"
  # The key stands on the border of two pieces, wherever that is.
  local at
  for at in 65500 65536 299999 1048570; do
    plant "$PEM" "/var/lib/tool/at-$at"
    { head -c "$at" /dev/zero | tr '\0' x && echo && cat "$R/var/lib/tool/at-$at"; } >"$R/large"
    mv "$R/large" "$R/var/lib/tool/at-$at"
  done
  # Certificates are none, in neither form.
  openssl x509 -in "$R/c" -outform DER -out "$R/etc/certificate.der"
  mv "$R/c" "$R/etc/certificate.pem"
  run ! check_image
  sed -i 's#^/srv/#/var/srv/#' "$R.planted"
  named private-keys fail
}

@test "no secret are: what packages ship below /usr/share, comments, defaults, placeholders, certificates, empty files" {
  use_layer finalized
  local package
  package=$(scratch)/package
  stand_in stand-in-keys "$package" 'a package with keys for its tests'
  mkdir -p "$package/usr/share/doc/stand-in-keys/examples" "$package/usr/share/stand-in-keys"
  # shellcheck disable=SC2059 # a format
  printf -- "$PEM" | tee "$package/usr/share/doc/stand-in-keys/examples/test.key" >"$package/usr/share/stand-in-keys/test.key"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed stand-in-keys "$package")"
  plant '# https://user:password@example.org/\n;proxy=http://user:password@proxy:3128\nhelp=https://example.org:8080/path@2\n' /etc/comments.conf
  plant 'proxy=http://$user:$password@proxy:3128\nurl=http://<user>:<password>@host\n' /etc/placeholders.conf
  plant 'grep -q -- "-----BEGIN PRIVATE KEY-----" /etc/ssl/private/a.key\n' /usr/local/bin/check-keys
  plant '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n' /usr/local/share/doc/manual.txt
  plant '# client\tserver\tsecret\tIP addresses\n*\thostname\t""\t*\nguest\thostname\t"*"\t-\n' /etc/ppp/pap-secrets
  plant '# client\tserver\tsecret\tIP addresses\n' /etc/ppp/chap-secrets
  plant '#cloud-config\nsystem_info:\n  default_user:\n    lock_passwd: True\nssh_pwauth: false\n' /etc/cloud/cloud.cfg
  plant '# : PSK "secret"\n' /etc/ipsec.secrets
  plant "dbc_dbpass=''\n" /etc/dbconfig-common/empty.conf
  plant '\0no:such:user\0\0userPassword' /etc/sasldb2
  plant '{"auths": {}}\n' /root/.docker/config.json
  plant '' /etc/munge/munge.key /etc/ssl/private/empty.key
  finalize --check >"$R.check" || { cat "$R.check" && false; }
  check_names private-keys ok
  check_names build-host ok
}

@test "a server with nine daemons has no secret, and nothing that only looks like one" {
  use_layer server-finalized
  check_image --fatal-warnings || { cat "$R.check" && false; }
}

@test "finalize removes what identifies one machine and the key that signs modules, and keeps the modules' certificate" {
  use_layer finalized
  plant 'of one machine\n' /etc/hostid /etc/nvme/hostnqn /etc/dhcpcd.duid /etc/dhcpcd.secret /var/lib/dhcpcd/duid \
    /var/lib/dhcpv6/dhcp6c_duid /var/lib/dhcp/dhclient.leases /etc/dropbear/initramfs/dropbear_rsa_host_key \
    /var/lib/dkms/mok.key /var/lib/shim-signed/mok/MOK.priv
  plant 'certificate\n' /var/lib/dkms/mok.pub
  finalized
  local path
  while read -r path; do
    [ "$path" = /var/lib/dkms/mok.pub ] || [ ! -e "$R$path" ] || fail "$path is in the image"
    [ ! -e "$R/usr/share/factory$path" ] || fail "$path is in the factory"
  done <"$R.planted"
  [ ! -e "$R/usr/lib/sysimage/dkms/mok.key" ]
  [ "$(cat "$R/usr/lib/sysimage/dkms/mok.pub")" = certificate ]

  # A derived build makes one again.
  echo key >"$R/usr/lib/sysimage/dkms/mok.key"
  run ! check_image
  check_names private-keys fail '/usr/lib/sysimage/dkms/mok.key'
  finalized
  [ ! -e "$R/usr/lib/sysimage/dkms/mok.key" ]
}

@test "a second account with number 0, and passwords in copies of shadow and in gshadow, are warned of" {
  use_layer finalized
  echo 'toor:x:0:0::/root:/bin/sh' >>"$R/etc/passwd"
  echo 'old:$6$x$y:20000::::::' >>"$R/etc/shadow-"
  echo 'staff:$6$x$y::' >>"$R/etc/gshadow"
  check_image || true
  check_names superusers warn 'account toor has number 0'
  check_names passwords warn 'account old has a password \(/etc/shadow-\)'
  check_names passwords warn 'group staff has a password \(/etc/gshadow\)'
}

@test "the name of the build host is found in hosts, mailname, postfix and mdadm, and its arrays" {
  use_layer finalized
  local name
  name=$(uname -n)
  plant "127.0.1.1 $name.example.org other\n" /etc/hosts
  plant "$name\n" /etc/mailname
  plant "myhostname = $name.example.org\n" /etc/postfix/main.cf
  plant 'HOMEHOST <system>\nARRAY /dev/md/0 metadata=1.2 UUID=1:2:3:4\n' /etc/mdadm/mdadm.conf
  check_image || true
  named build-host warn
  # A part of another name, and a comment, are not it.
  rm "$R.planted"
  plant "127.0.1.1 ${name}x x$name x-$name\n# $name\n" /etc/hosts
  plant 'example.org\n' /etc/mailname
  rm -r "$R/etc/postfix" "$R/etc/mdadm"
  check_image || true
  check_names build-host ok
}

@test "an image's author and a package add lines of secrets, and a mistake in one is refused by file and line" {
  use_layer finalized
  local own=$R/etc/bootc-baseimage/finalize.d/secrets.conf line
  mkdir -p "${own%/*}" "$R/usr/lib/bootc-baseimage/finalize.d" "$R/usr/lib/acme"
  echo 'secret fatal /usr/lib/acme ^license=\S the license of acme' >"$own"
  echo 'secret warn /etc/acme.conf - a file of acme' >"$R/usr/lib/bootc-baseimage/finalize.d/acme.conf"
  echo 'license=1234' >"$R/usr/lib/acme/license"
  echo 'file' >"$R/etc/acme.conf"
  run ! check_image
  check_names private-keys fail '/usr/lib/acme/license is or has the license of acme'
  check_names build-host warn '/etc/acme.conf is or has a file of acme'
  echo 'waive /usr/lib/acme/license' >>"$own"
  check_image || { cat "$R.check" && false; }
  while read -r line; do
    printf '\n%s\n' "${line%% => *}" >"$own"
    run finalize --check
    [ "$status" = 1 ] || fail "$line: status $status"
    grep -F "/etc/bootc-baseimage/finalize.d/secrets.conf:2: ${line##* => }" <<<"$output" || fail "$line: $output"
  done <<'END'
secret fatal /etc => expected "secret ACTION PATH TEXT WHAT IT IS"
secret delete /etc/a - a file => "delete" is not an action
secret fatal etc/a - a file => expected an absolute path instead of "etc/a"
secret fatal /etc/../a - a file => /etc/../a has an empty, "." or ".." component
secret fatal /etc/a (x a file => the regular expression is wrong
secret fatal /etc/a @asn1 a file => there is no test @asn1
secret remove /etc/a x a file => "remove" takes no TEXT
secrets fatal /etc/a - a file => unknown word "secrets"
END
}
