import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.debs('target') == ['acme-agent_1.0.0_all.deb', 'acme-policy_1.0.0_all.deb']
assert it.log('Skipping package acme-draft').size() == 1
def agent = 'target/acme-agent_1.0.0_all.deb'
assert it.field(agent, 'Depends').endsWith(', procps')
assert it.control(agent, 'conffiles') == '/etc/acme-agent.conf\n'
assert it.control(agent, 'triggers') == 'activate-noawait update-initramfs\n'
assert ['systemd-sysusers', 'systemd-tmpfiles', 'enable_unit acme-agent.service'].every { it2 -> it.control(agent, 'postinst').contains(it2) }
return true
