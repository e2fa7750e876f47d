// without dpkg-deb there is nothing to compare with; CI fails when this is skipped
return ['/usr/bin/dpkg-deb'].every { new File(it).canExecute() }
