/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/address.h"

#include <stddef.h>
#include <stdio.h>

#include "tests/tap.h"

static void assert_each(bool (*is)(const char *text), bool want,
			const char *const texts[])
{
	for (; *texts; texts++) {
		CU_ASSERT_EQUAL(is(*texts), want);
		if (is(*texts) != want)
			printf("# of \"%s\"\n", *texts);
	}
}

static void knows_ipv4_addresses(void)
{
	assert_each(address_is_ipv4, true, (const char *const[]){
		"0.0.0.0", "10.0.0.172", "255.255.255.255", NULL });
	assert_each(address_is_ipv4, false, (const char *const[]){
		"", ".", "10.0.0", "10.0.0.", "10.0.0.1.", "10.0.0.1.2",
		"256.0.0.1", "10.0.0.256", "10..0.1", "10.0.0.0001", "a.b.c.d",
		"10.0.0.1 ", " 10.0.0.1", "-1.0.0.1", "10.0.0.1:80", NULL });
}

static void knows_ipv6_addresses(void)
{
	assert_each(address_is_ipv6, true, (const char *const[]){
		"::", "::1", "1::", "2001:db8::1", "1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "ABCD:ef01::",
		"::ffff:10.0.0.1", "1:2:3:4:5:6:10.0.0.1", "64:ff9b::1.2.3.4",
		NULL });
	assert_each(address_is_ipv6, false, (const char *const[]){
		"", ":", ":::", "1", "1:", ":1", "1:2", "1::2::3", "12345::",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
		"g::", "::1 ", "10.0.0.1", "::10.0.0", "1:2:3:4:5:6:7:1.2.3.4",
		"::1:2:3:4:5:6:1.2.3.4", "1.2.3.4::", "[::1]", "::1/64",
		"1:2:3:4::5:6:7:8", NULL });
}

static void knows_telephone_numbers(void)
{
	assert_each(address_is_e164, true, (const char *const[]){
		"1", "+49123456", "00491234", NULL });
	assert_each(address_is_e164, false, (const char *const[]){
		"", "+", "++1", "1+", "12 34", "*99#", "a", NULL });
}

static void knows_apns(void)
{
	assert_each(address_is_apn, true, (const char *const[]){
		"x", "internet", "internet.example.net", "a-b.c", "3g",
		"web.mnc012.mcc345.gprs", NULL });
	assert_each(address_is_apn, false, (const char *const[]){
		"", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "a&b",
		"caf\xc3\xa9", "a/b", "*", NULL });
}

static void knows_ports(void)
{
	assert_each(address_is_port, true, (const char *const[]){
		"1", "80", "65535", NULL });
	assert_each(address_is_port, false, (const char *const[]){
		"", "0", "65536", "-1", "+1", "80 ", "0x50", "http", "100000",
		"99999999999999999999", NULL });
}

static CU_TestInfo tests[] = {
	{ "knows IPv4 addresses", knows_ipv4_addresses },
	{ "knows IPv6 addresses", knows_ipv6_addresses },
	{ "knows telephone numbers", knows_telephone_numbers },
	{ "knows APNs", knows_apns },
	{ "knows ports", knows_ports },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("address", tests);
}
