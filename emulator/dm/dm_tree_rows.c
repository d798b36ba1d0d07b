/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_tree_rows.h"

#define NODE DM_TREE_NODE
#define NO_FACT DM_TREE_NO_FACT
#define ACC_12 "DMAcc/1"
#define ACC_11 "SyncML/DMAcc/1"

#define FACT(name) offsetof(struct dm_tree_facts, name)

#define INTERIOR(path) { path, MAY_GET, NODE, "", NO_FACT }
#define LEAF(path, value) { path, MAY_GET, "chr", value, NO_FACT }
#define FACT_LEAF(path, name) { path, MAY_GET, "chr", "", FACT(name) }
#define SECRET(path, format) { path, 0, format, "", NO_FACT }
#define WRITABLE(path) { path, MAY_GET | MAY_REPLACE, "chr", "", NO_FACT }
#define OPERATION(path) { path, MAY_GET | MAY_EXEC, NODE, "", NO_FACT }

#define ROWS_BOTH \
	INTERIOR(""), \
	INTERIOR("DevInfo"), \
	FACT_LEAF("DevInfo/DevId", dev_id), \
	FACT_LEAF("DevInfo/Man", man), \
	FACT_LEAF("DevInfo/Mod", mod), \
	FACT_LEAF("DevInfo/DmV", dm_version), \
	FACT_LEAF("DevInfo/Lang", lang), \
	INTERIOR("DevDetail"), \
	LEAF("DevDetail/DevTyp", "phone"), \
	FACT_LEAF("DevDetail/OEM", man), \
	FACT_LEAF("DevDetail/FwV", firmware), \
	LEAF("DevDetail/SwV", "1.0"), \
	LEAF("DevDetail/HwV", "1.0"), \
	{ "DevDetail/LrgObj", MAY_GET, "bool", "false", NO_FACT }, \
	{ "Vendor", MAY_GET | MAY_ADD, NODE, "", NO_FACT }

#define FIRMWARE(at) \
	INTERIOR(at), \
	WRITABLE(at "/PkgName"), \
	WRITABLE(at "/PkgVersion"), \
	OPERATION(at "/Download"), \
	WRITABLE(at "/Download/PkgURL"), \
	OPERATION(at "/Update"), \
	OPERATION(at "/DownloadAndUpdate"), \
	WRITABLE(at "/DownloadAndUpdate/PkgURL"), \
	{ at "/State", MAY_GET, "int", "10", NO_FACT }

static const struct dm_tree_row rows_12[] = {
	ROWS_BOTH,
	INTERIOR("DMAcc"),
	INTERIOR(ACC_12),
	LEAF(ACC_12 "/AppID", "w7"),
	FACT_LEAF(ACC_12 "/ServerID", server_id),
	INTERIOR(ACC_12 "/AppAddr"),
	INTERIOR(ACC_12 "/AppAddr/1"),
	FACT_LEAF(ACC_12 "/AppAddr/1/Addr", url),
	LEAF(ACC_12 "/AppAddr/1/AddrType", "URI"),
	INTERIOR(ACC_12 "/AppAuth"),
	INTERIOR(ACC_12 "/AppAuth/1"),
	LEAF(ACC_12 "/AppAuth/1/AAuthLevel", "CLCRED"),
	LEAF(ACC_12 "/AppAuth/1/AAuthType", "DIGEST"),
	FACT_LEAF(ACC_12 "/AppAuth/1/AAuthName", user),
	SECRET(ACC_12 "/AppAuth/1/AAuthSecret", "chr"),
	SECRET(ACC_12 "/AppAuth/1/AAuthData", "bin"),
	INTERIOR("FUMO"),
	FIRMWARE(DM_TREE_FUMO),
	{ NULL, 0, NULL, NULL, 0 },
};

static const struct dm_tree_row rows_11[] = {
	ROWS_BOTH,
	INTERIOR("SyncML"),
	INTERIOR("SyncML/DMAcc"),
	INTERIOR(ACC_11),
	FACT_LEAF(ACC_11 "/ServerId", server_id),
	FACT_LEAF(ACC_11 "/Addr", url),
	{ ACC_11 "/AddrType", MAY_GET, "int", "1", NO_FACT },
	LEAF(ACC_11 "/AuthPref", "syncml:auth-md5"),
	FACT_LEAF(ACC_11 "/UserName", user),
	SECRET(ACC_11 "/ClientPW", "chr"),
	SECRET(ACC_11 "/ClientNonce", "bin"),
	INTERIOR("FwUpdate"),
	FIRMWARE(DM_TREE_FWUPDATE),
	{ DM_TREE_FWUPDATE "/Result", MAY_GET, "int", "0", NO_FACT },
	{ NULL, 0, NULL, NULL, 0 },
};

const struct dm_tree_row *dm_tree_rows(enum syncml_version version)
{
	return version == SYNCML_12 ? rows_12 : rows_11;
}
