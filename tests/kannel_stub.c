/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A symbol that libgwlib's version text asks for, so that a test which links
 * Kannel's libraries needs no MySQL client.
 */
const char *mysql_get_client_info(void);

const char *mysql_get_client_info(void)
{
	return "none";
}
