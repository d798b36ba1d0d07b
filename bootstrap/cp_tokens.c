/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_tokens.h"

#include <stddef.h>
#include <string.h>

const char *const cp_element_names[N_CP_ELEMENTS] = {
	"wap-provisioningdoc", "characteristic", "parm",
};

const char *const cp_attribute_names[N_CP_ATTRIBUTES] = {
	"version", "type", "name", "value",
};

static const struct cp_token written[] = {
	{ 0, 0x45, CP_VERSION, NULL },
	{ 0, 0x46, CP_VERSION, "1.0" },
	{ 0, 0x50, CP_TYPE, NULL },
	{ 0, 0x51, CP_TYPE, "PXLOGICAL" },
	{ 0, 0x52, CP_TYPE, "PXPHYSICAL" },
	{ 0, 0x53, CP_TYPE, "PORT" },
	{ 0, 0x54, CP_TYPE, "VALIDITY" },
	{ 0, 0x55, CP_TYPE, "NAPDEF" },
	{ 0, 0x56, CP_TYPE, "BOOTSTRAP" },
	{ 0, 0x57, CP_TYPE, "VENDORCONFIG" },
	{ 0, 0x58, CP_TYPE, "CLIENTIDENTITY" },
	{ 0, 0x59, CP_TYPE, "PXAUTHINFO" },
	{ 0, 0x5a, CP_TYPE, "NAPAUTHINFO" },
	{ 0, 0x5b, CP_TYPE, "ACCESS" },
	{ 0, 0x05, CP_NAME, NULL },
	{ 0, 0x06, CP_VALUE, NULL },
	{ 0, 0x07, CP_NAME, "NAME" },
	{ 0, 0x08, CP_NAME, "NAP-ADDRESS" },
	{ 0, 0x09, CP_NAME, "NAP-ADDRTYPE" },
	{ 0, 0x0a, CP_NAME, "CALLTYPE" },
	{ 0, 0x0b, CP_NAME, "VALIDUNTIL" },
	{ 0, 0x0c, CP_NAME, "AUTHTYPE" },
	{ 0, 0x0d, CP_NAME, "AUTHNAME" },
	{ 0, 0x0e, CP_NAME, "AUTHSECRET" },
	{ 0, 0x0f, CP_NAME, "LINGER" },
	{ 0, 0x10, CP_NAME, "BEARER" },
	{ 0, 0x11, CP_NAME, "NAPID" },
	{ 0, 0x12, CP_NAME, "COUNTRY" },
	{ 0, 0x13, CP_NAME, "NETWORK" },
	{ 0, 0x14, CP_NAME, "INTERNET" },
	{ 0, 0x15, CP_NAME, "PROXY-ID" },
	{ 0, 0x16, CP_NAME, "PROXY-PROVIDER-ID" },
	{ 0, 0x17, CP_NAME, "DOMAIN" },
	{ 0, 0x18, CP_NAME, "PROVURL" },
	{ 0, 0x19, CP_NAME, "PXAUTH-TYPE" },
	{ 0, 0x1a, CP_NAME, "PXAUTH-ID" },
	{ 0, 0x1b, CP_NAME, "PXAUTH-PW" },
	{ 0, 0x1c, CP_NAME, "STARTPAGE" },
	{ 0, 0x1d, CP_NAME, "BASAUTH-ID" },
	{ 0, 0x1e, CP_NAME, "BASAUTH-PW" },
	{ 0, 0x1f, CP_NAME, "PUSHENABLED" },
	{ 0, 0x20, CP_NAME, "PXADDR" },
	{ 0, 0x21, CP_NAME, "PXADDRTYPE" },
	{ 0, 0x22, CP_NAME, "TO-NAPID" },
	{ 0, 0x23, CP_NAME, "PORTNBR" },
	{ 0, 0x24, CP_NAME, "SERVICE" },
	{ 0, 0x25, CP_NAME, "LINKSPEED" },
	{ 0, 0x26, CP_NAME, "DNLINKSPEED" },
	{ 0, 0x27, CP_NAME, "LOCAL-ADDR" },
	{ 0, 0x28, CP_NAME, "LOCAL-ADDRTYPE" },
	{ 0, 0x29, CP_NAME, "CONTEXT-ALLOW" },
	{ 0, 0x2a, CP_NAME, "TRUST" },
	{ 0, 0x2b, CP_NAME, "MASTER" },
	{ 0, 0x2c, CP_NAME, "SID" },
	{ 0, 0x2d, CP_NAME, "SOC" },
	{ 0, 0x2e, CP_NAME, "WSP-VERSION" },
	{ 0, 0x2f, CP_NAME, "PHYSICAL-PROXY-ID" },
	{ 0, 0x30, CP_NAME, "CLIENT-ID" },
	{ 0, 0x31, CP_NAME, "DELIVERY-ERR-SDU" },
	{ 0, 0x32, CP_NAME, "DELIVERY-ORDER" },
	{ 0, 0x33, CP_NAME, "TRAFFIC-CLASS" },
	{ 0, 0x34, CP_NAME, "MAX-SDU-SIZE" },
	{ 0, 0x35, CP_NAME, "MAX-BITRATE-UPLINK" },
	{ 0, 0x36, CP_NAME, "MAX-BITRATE-DNLINK" },
	{ 0, 0x37, CP_NAME, "RESIDUAL-BER" },
	{ 0, 0x38, CP_NAME, "SDU-ERROR-RATIO" },
	{ 0, 0x39, CP_NAME, "TRAFFIC-HANDL-PRIO" },
	{ 0, 0x3a, CP_NAME, "TRANSFER-DELAY" },
	{ 0, 0x3b, CP_NAME, "GUARANTEED-BITRATE-UPLINK" },
	{ 0, 0x3c, CP_NAME, "GUARANTEED-BITRATE-DNLINK" },
	{ 0, 0x3d, CP_NAME, "PXADDR-FQDN" },
	{ 0, 0x3e, CP_NAME, "PROXY-PW" },
	{ 0, 0x3f, CP_NAME, "PPGAUTH-TYPE" },
	{ 0, 0x47, CP_NAME, "PULLENABLED" },
	{ 0, 0x48, CP_NAME, "DNS-ADDR" },
	{ 0, 0x49, CP_NAME, "MAX-NUM-RETRY" },
	{ 0, 0x4a, CP_NAME, "FIRST-RETRY-TIMEOUT" },
	{ 0, 0x4b, CP_NAME, "REREG-THRESHOLD" },
	{ 0, 0x4c, CP_NAME, "T-BIT" },
	{ 0, 0x4e, CP_NAME, "AUTH-ENTITY" },
	{ 0, 0x4f, CP_NAME, "SPI" },

	/* of version 1.1 */
	{ 1, 0x55, CP_TYPE, "APPLICATION" },
	{ 1, 0x56, CP_TYPE, "APPADDR" },
	{ 1, 0x57, CP_TYPE, "APPAUTH" },
	{ 1, 0x59, CP_TYPE, "RESOURCE" },
	{ 1, 0x2e, CP_NAME, "AACCEPT" },
	{ 1, 0x2f, CP_NAME, "AAUTHDATA" },
	{ 1, 0x30, CP_NAME, "AAUTHLEVEL" },
	{ 1, 0x31, CP_NAME, "AAUTHNAME" },
	{ 1, 0x32, CP_NAME, "AAUTHSECRET" },
	{ 1, 0x33, CP_NAME, "AAUTHTYPE" },
	{ 1, 0x34, CP_NAME, "ADDR" },
	{ 1, 0x35, CP_NAME, "ADDRTYPE" },
	{ 1, 0x36, CP_NAME, "APPID" },
	{ 1, 0x37, CP_NAME, "APROTOCOL" },
	{ 1, 0x38, CP_NAME, "PROVIDER-ID" },
	{ 1, 0x39, CP_NAME, "TO-PROXY" },
	{ 1, 0x3a, CP_NAME, "URI" },
	{ 1, 0x3b, CP_NAME, "RULE" },

	/* values of ADDRTYPE */
	{ 0, 0x85, CP_VALUE, "IPV4" },
	{ 0, 0x86, CP_VALUE, "IPV6" },
	{ 0, 0x87, CP_VALUE, "E164" },
	{ 0, 0x88, CP_VALUE, "ALPHA" },
	{ 0, 0x89, CP_VALUE, "APN" },
	{ 0, 0x8a, CP_VALUE, "SCODE" },
	{ 0, 0x8b, CP_VALUE, "TETRA-ITSI" },
	{ 0, 0x8c, CP_VALUE, "MAN" },

	/* values of CALLTYPE */
	{ 0, 0x90, CP_VALUE, "ANALOG-MODEM" },
	{ 0, 0x91, CP_VALUE, "V.120" },
	{ 0, 0x92, CP_VALUE, "V.110" },
	{ 0, 0x93, CP_VALUE, "X.31" },
	{ 0, 0x94, CP_VALUE, "BIT-TRANSPARENT" },
	{ 0, 0x95, CP_VALUE, "DIRECT-ASYNCHRONOUS-DATA-SERVICE" },

	/* values of AUTHTYPE, PXAUTH-TYPE */
	{ 0, 0x9a, CP_VALUE, "PAP" },
	{ 0, 0x9b, CP_VALUE, "CHAP" },
	{ 0, 0x9c, CP_VALUE, "HTTP-BASIC" },
	{ 0, 0x9d, CP_VALUE, "HTTP-DIGEST" },
	{ 0, 0x9e, CP_VALUE, "WTLS-SS" },
	{ 0, 0x9f, CP_VALUE, "MD5" },

	/* values of BEARER */
	{ 0, 0xa2, CP_VALUE, "GSM-USSD" },
	{ 0, 0xa3, CP_VALUE, "GSM-SMS" },
	{ 0, 0xa4, CP_VALUE, "ANSI-136-GUTS" },
	{ 0, 0xa5, CP_VALUE, "IS-95-CDMA-SMS" },
	{ 0, 0xa6, CP_VALUE, "IS-95-CDMA-CSD" },
	{ 0, 0xa7, CP_VALUE, "IS-95-CDMA-PACKET" },
	{ 0, 0xa8, CP_VALUE, "ANSI-136-CSD" },
	{ 0, 0xa9, CP_VALUE, "ANSI-136-GPRS" },
	{ 0, 0xaa, CP_VALUE, "GSM-CSD" },
	{ 0, 0xab, CP_VALUE, "GSM-GPRS" },
	{ 0, 0xac, CP_VALUE, "AMPS-CDPD" },
	{ 0, 0xad, CP_VALUE, "PDC-CSD" },
	{ 0, 0xae, CP_VALUE, "PDC-PACKET" },
	{ 0, 0xaf, CP_VALUE, "IDEN-SMS" },
	{ 0, 0xb0, CP_VALUE, "IDEN-CSD" },
	{ 0, 0xb1, CP_VALUE, "IDEN-PACKET" },
	{ 0, 0xb2, CP_VALUE, "FLEX/REFLEX" },
	{ 0, 0xb3, CP_VALUE, "PHS-SMS" },
	{ 0, 0xb4, CP_VALUE, "PHS-CSD" },
	{ 0, 0xb7, CP_VALUE, "ANSI-136-GHOST" },
	{ 0, 0xb8, CP_VALUE, "MOBITEX-MPAK" },
	{ 0, 0xb9, CP_VALUE, "CDMA2000-1X-SIMPLE-IP" },
	{ 0, 0xba, CP_VALUE, "CDMA2000-1X-MOBILE-IP" },

	/* values of LINKSPEED */
	{ 0, 0xc5, CP_VALUE, "AUTOBAUDING" },

	/* values of SERVICE */
	{ 0, 0xca, CP_VALUE, "CL-WSP" },
	{ 0, 0xcb, CP_VALUE, "CO-WSP" },
	{ 0, 0xcc, CP_VALUE, "CL-SEC-WSP" },
	{ 0, 0xcd, CP_VALUE, "CO-SEC-WSP" },
	{ 0, 0xce, CP_VALUE, "CL-SEC-WTA" },
	{ 0, 0xcf, CP_VALUE, "CO-SEC-WTA" },
	{ 0, 0xd0, CP_VALUE, "OTA-HTTP-TO" },
	{ 0, 0xd1, CP_VALUE, "OTA-HTTP-TLS-TO" },
	{ 0, 0xd2, CP_VALUE, "OTA-HTTP-PO" },
	{ 0, 0xd3, CP_VALUE, "OTA-HTTP-TLS-PO" },

	/* values of AUTH-ENTITY */
	{ 0, 0xe0, CP_VALUE, "AAA" },
	{ 0, 0xe1, CP_VALUE, "HA" },
};

static const struct cp_token read_only[] = {
	/* also of page 0 */
	{ 1, 0x05, CP_NAME, NULL },
	{ 1, 0x06, CP_VALUE, NULL },
	{ 1, 0x50, CP_TYPE, NULL },
	{ 1, 0x53, CP_TYPE, "PORT" },
	{ 1, 0x58, CP_TYPE, "CLIENTIDENTITY" },
	{ 1, 0x07, CP_NAME, "NAME" },
	{ 1, 0x14, CP_NAME, "INTERNET" },
	{ 1, 0x1c, CP_NAME, "STARTPAGE" },
	{ 1, 0x22, CP_NAME, "TO-NAPID" },
	{ 1, 0x23, CP_NAME, "PORTNBR" },
	{ 1, 0x24, CP_NAME, "SERVICE" },

	/* later than most decoders, which refuse them */
	{ 0, 0x5c, CP_TYPE, "BEARERINFO" },
	{ 0, 0x5d, CP_TYPE, "DNS-ADDRINFO" },
	{ 1, 0x3c, CP_NAME, "APPREF" },
	{ 1, 0x3d, CP_NAME, "TO-APPREF" },

	/* what Kannel makes of Microsoft's UserName and Password */
	{ 1, 0x46, CP_NAME, "USERNAME" },
	{ 1, 0x47, CP_NAME, "PASSWORD" },

	/* libwbxml has TRETRA */
	{ 0, 0xb5, CP_VALUE, "TETRA-SDS" },
	{ 0, 0xb6, CP_VALUE, "TETRA-PACKET" },

	/* values of version 1.1, and later ones */
	{ 0, 0xbb, CP_VALUE, "3G-GSM" },
	{ 0, 0xbc, CP_VALUE, "WLAN" },
	{ 1, 0x86, CP_VALUE, "IPV6" },
	{ 1, 0x87, CP_VALUE, "E164" },
	{ 1, 0x88, CP_VALUE, "ALPHA" },
	{ 1, 0x8d, CP_VALUE, "APPSRV" },
	{ 1, 0x8e, CP_VALUE, "OBEX" },

	/* pieces of AAUTHTYPE: in the candidate of 2002, in that of 2005 */
	{ 1, 0x80, CP_VALUE, "," },
	{ 1, 0x81, CP_VALUE, "HTTP-" },
	{ 1, 0x82, CP_VALUE, "BASIC" },
	{ 1, 0x83, CP_VALUE, "DIGEST" },
	{ 1, 0x90, CP_VALUE, "," },
	{ 1, 0x91, CP_VALUE, "HTTP-" },
	{ 1, 0x92, CP_VALUE, "BASIC" },
	{ 1, 0x93, CP_VALUE, "DIGEST" },
};

static const char *const enumerated[] = {
	"AAUTHTYPE", "ADDRTYPE", "AUTH-ENTITY", "AUTHTYPE", "BEARER",
	"CALLTYPE", "DNLINKSPEED", "LINKSPEED", "LOCAL-ADDRTYPE",
	"NAP-ADDRTYPE", "PPGAUTH-TYPE", "PXADDRTYPE", "PXAUTH-TYPE",
	"SERVICE",
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

static const struct cp_token *find(const struct cp_token *table, size_t n,
				   uint8_t page, uint8_t token)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].page == page && table[i].token == token)
			return &table[i];
	return NULL;
}

const struct cp_token *cp_token_read(uint8_t page, uint8_t token)
{
	const struct cp_token *t = find(written, N(written), page, token);

	return t ? t : find(read_only, N(read_only), page, token);
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

const struct cp_token *cp_token_write(enum cp_attribute attribute,
				      const char *text)
{
	for (size_t i = 0; i < N(written); i++)
		if (written[i].attribute == attribute &&
		    same(written[i].text, text))
			return &written[i];
	return NULL;
}

bool cp_is_enumerated(const char *parm)
{
	for (size_t i = 0; i < N(enumerated); i++)
		if (!strcmp(enumerated[i], parm))
			return true;
	return false;
}
