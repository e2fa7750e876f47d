package io.github.debianatomic.maven.elf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SonameTest {

    @ParameterizedTest
    @CsvSource({
        "libc.so.6, libc6, true",
        "libc.so.6, libc6-dev, false",
        "libssl.so.3, libssl3, true",
        "libssl.so.3, libssl3t64, true",
        "libpam.so.0, libpam0g, true",
        "libutil.so.1, libc6, true",
        "libfoo.so.2, libfoo2, true",
        "libfoo.so.2, libfoo2t64, true",
        "libfoo.so.2, libfoo1, false",
        "libfoo.so.2, libfoobar, false",
        "libfoo-2.0.so.0, libfoo-2.0-0, true",
        "libfoo-2.0.so.0, libfoo-2.0-1, false",
        "libpython3.13.so.1.0, libpython3.13, true",
        "libpython3.13.so.1.0, libpython3.12, false",
        "libjpeg.so.62, libjpeg62-turbo, true",
        "libacme.so.7, libacme7-vendor, true",
        "libacme.so.7, libacme, true",
        "libglib-2.0.so.0, libglib2.0-0, true",
        "libgtk-3.so.0, libgtk-3-0t64, true",
        "libgtk-3.so.0, libgtk2.0-0, false",
        "libgdk-3.so.0, libgtk-3-0t64, true",
        "libpcre2-8.so.0, libpcre2-8-0, true",
        "libpcre2-8.so.0, libpcre2-16-0, false",
        "libcurl.so.4, libcurl4t64, true",
        "libcurl.so.4, libcurl4-doc, false",
        "libcurl-gnutls.so.4, libcurl3-gnutls, true",
        "libfoo.so.2, libfoobar2, false",
        "libfoo.so.2, libfoo20, false",
        "libfoo.so, libfoo, true",
        "libfoo.so, libfoo-doc, false",
        "liblber.so.2, libldap2, true",
        "libicuuc.so.76, libicu76, true",
        "libgcc_s.so.1, libgcc-s1, true",
        "libabsl_base.so.20240722, libabsl20240722, true",
        "libabsl_base.so.20240722, libabsl20220623, false",
        "libcurl-gnutls.so.4, libcurl4t64, false",
        "libX11.so.6, libx11-6, true",
        "libaio.so.1t64, libaio1t64, true",
        "libfftw3.so.3, libfftw3-double3, true",
        "libtss2-esys.so.0, libtss2-esys-3.0.2-0t64, true",
        "libsnappy.so.1, libsnappy1v5, true",
        "libgmpxx.so.4, libgmpxx4ldbl, true",
        "libatspi.so.0, libatspi2.0-0t64, true",
        "libjack.so.0, libjack-jackd2-0, true",
        "libclang-19.so.19, libclang1-19, true",
        "libruby-3.3.so.3.3, libruby3.3, true",
        "libavcodec.so.61, libavcodec-extra61, true",
        "libcurl.so.4, libcurl4-openssl-dev, false",
        "libgmodule-2.0.so.0, libglib2.0-0t64, true",
        "libformw.so.6, libncursesw6, true",
        "libbrotlidec.so.1, libbrotli1, true",
        "libhistory.so.8, libreadline8t64, true",
    })
    void aPackageMayBringALibrary(String soname, String name, boolean may) {
        assertThat(Soname.of(soname).mayBeIn(name)).isEqualTo(may);
    }
}
