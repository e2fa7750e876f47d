# What an administrator and the services of a machine change below /var; untouched.sh looks at it later.
# shellcheck shell=bash
useradd --create-home alice
chmod 0700 /var/log/apache2
chown alice /var/log/nginx
chmod 0770 /var/lib/redis
chown redis:adm /var/lib/redis
chmod 0664 /var/www/html/index.html
rm /var/www/html/index.nginx-debian.html
rm -r /var/lib/apache2/conf
echo kept >/var/www/html/of-the-machine
# A database that has used up and recycled the logs that it came with.
fact pg-before sh -c 'ls /var/lib/postgresql/*/main/pg_wal | grep -E "^[0-9A-F]{24}$" | sort'
fact pg-table runuser -u postgres -- psql -qtAc 'create table state as select generate_series(1, 1000) as n'
for _ in 1 2 3; do
  runuser -u postgres -- psql -qtAc 'insert into state select 1' -c 'select pg_switch_wal()' -c checkpoint >/dev/null
done
fact pg-after sh -c 'ls /var/lib/postgresql/*/main/pg_wal | grep -E "^[0-9A-F]{24}$" | sort'
sync
