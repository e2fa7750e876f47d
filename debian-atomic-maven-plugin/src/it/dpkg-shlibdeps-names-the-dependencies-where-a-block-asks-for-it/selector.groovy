// says "skipped" where there is no dpkg; CI installs it
return ['dpkg', 'dpkg-shlibdeps'].every { new File('/usr/bin', it).canExecute() }
