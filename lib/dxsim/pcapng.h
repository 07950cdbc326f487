/*
 * dxsim/pcapng.h - captures as Wireshark reads them: IETF draft-ietf-opsawg-pcapng
 *
 *   section header | interfaces | packets ... | statistics of each interface
 *
 * Little-endian, times in ns: ps are rounded down. No date is written: time 0 is 1970-01-01 00:00.
 */
#ifndef DXSIM_PCAPNG_H
#define DXSIM_PCAPNG_H

#include <dxsim/output.h>

typedef struct DxPcapng DxPcapng;

/* https://www.tcpdump.org/linktypes.html */
enum { DX_LINKTYPE_ETHERNET = 1, DX_LINKTYPE_RAW = 101 };

typedef struct {
    const char *name, *description; /* description: NULL, none */
    uint16_t link_type;
    uint32_t snap_bytes; /* no packet is longer in the file; 0: as it is */
    uint64_t rate_bps;   /* 0: not said */
    int fcs_bytes;       /* at the end of every packet; -1: not said */
} DxPcapngInterface;

/* Begins a section: @comment (NULL: none) is about all of it. @file stays the caller's. */
DX_API DxPcapng *dx_pcapng_new(DxFile *file, const char *comment);
DX_API void dx_pcapng_free(DxPcapng *pcapng);

/* Returns its number, from 0. All of them come before the first packet that names them. */
DX_API uint32_t dx_pcapng_interface(DxPcapng *pcapng, const DxPcapngInterface *interface);

/* @n octets at @data, of which the interface's @snap_bytes are kept; @comment may be NULL. Texts longer than
 * 1024 octets are cut. */
DX_API void dx_pcapng_packet(DxPcapng *pcapng, uint32_t interface, DxTime t_ps, const void *data, size_t n,
                             const char *comment);

/* At the end, for each interface: packets that were there, and those of them that are not in the file.
 * @comment may be NULL. */
DX_API void dx_pcapng_statistics(DxPcapng *pcapng, uint32_t interface, DxTime t_ps, uint64_t received,
                                 uint64_t left_out, const char *comment);

#endif
