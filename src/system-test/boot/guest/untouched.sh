# What is left of what administrator.sh did.
# shellcheck shell=bash
fact changed stat -c '%n %a %U:%G' /var/log/apache2 /var/log/nginx /var/lib/redis /var/www/html/index.html
fact deleted sh -c 'ls -d /var/www/html/index.nginx-debian.html /var/lib/apache2/conf 2>/dev/null; true'
fact kept cat /var/www/html/of-the-machine
fact pg-rows runuser -u postgres -- psql -tAc 'select count(*) from state'
fact pg-log sh -c 'ls /var/lib/postgresql/*/main/pg_wal | grep -E "^[0-9A-F]{24}$" | sort'
fact alice id alice
