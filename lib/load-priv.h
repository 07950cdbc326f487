/*
 * load-priv.h - from the JSON tree to the scenario as data; each load-*.c reads some of its sections
 */
#ifndef DX_LOAD_PRIV_H
#define DX_LOAD_PRIV_H

#include "address-priv.h"
#include "bgp-priv.h"
#include "reader-priv.h"

typedef struct {
    DxReader reader;
    DxScenario *scenario;
    GHashTable *defaults;          /* DxModel -> conf */
    uint32_t *first_at, *links_at; /* links at node i: links_at[first_at[i]] and on */
    unsigned n_targets;            /* links that targets have stood for so far */
    bool is_full;                  /* nothing more can be inherited */
    unsigned found_by_check;       /* problems, before loading */
    GHashTable *refused_files;     /* names: told about already */
    GArray *ends;                  /* of subnets */
    DxMembers members;             /* for what a BGP network is made of */
    GHashTable *nodes, *links, *lags, *vifs, *groups, *flows, *sessions; /* name -> index + 1 */
    GHashTable *alarms;  /* name -> index + 1 */
    GHashTable *attacks; /* "dx1.replay": the same, of the plan */
} DxLoader;

void dx__load_enter(GHashTable *names, const char *name, guint index);
uint32_t dx__load_index(GHashTable *names, const char *name);
/* What @json names; else a problem that says what was probably meant. @what: "node". */
uint32_t dx__load_resolve(DxLoader *loader, const DxJson *json, GHashTable *names, const char *what);
uint32_t dx__load_resolve_trunk(DxLoader *loader, const DxJson *json);
/* The same for a way: the trunk that @json names, or that of the VIF it names, which @flow is then on. */
uint32_t dx__load_resolve_way(DxLoader *loader, const DxJson *json, DxScFlow *flow);

const DxModel *dx__load_model(const DxLoader *loader, const char *name);
void *dx__load_conf(DxLoader *loader, const DxJson *json, const char *model);
/* What the parameters say together, where @json is the object that has them. */
void dx__load_check(DxLoader *loader, const DxJson *json, const DxModel *model, const void *conf);

/* inherit.c: what `like`, `preset` and `defaults` add to links and flows, before anything is checked. */
void dx__load_inherit(DxLoader *loader, DxJson *root);

/* load-network.c: nodes, links, LAGs, groups. */
void dx__load_network(DxLoader *loader, DxJson *root);
/* load-vifs.c: hosted connections, VIFs, whose ways are too long for a packet. */
void dx__load_connection(DxLoader *loader, const DxJson *json, DxScLink *link);
void dx__load_vifs(DxLoader *loader, DxJson *root);
/* load-subnets.c: two addresses in one subnet; false: they are not, and that has been told. @what: "a VIF".
 */
GArray *dx__load_subnets_new(void);
bool dx__load_subnet(DxLoader *loader, const DxJson *list, const char *what, DxAddress address[2]);
/* One end of what @owner is, in the search for overlaps; both ends one after the other. */
void dx__load_note_subnet(DxLoader *loader, const DxJson *owner, const char *kind, uint32_t node,
                          const DxAddress *address, const DxJson *place);
void dx__load_overlaps(DxLoader *loader);
/* load-bgp.c: routers, before flows; load-sessions.c: sessions, behind them. */
void dx__load_routers(DxLoader *loader, DxJson *root);
void dx__load_sessions(DxLoader *loader, DxJson *root);
/* Lines of the IGP, once links are known. */
void dx__load_igp(DxLoader *loader, DxJson *root);
/* load-bgp-events.c: an event that is done to routers. False: it is none. */
bool dx__load_bgp_event(DxLoader *loader, DxJson *json, DxScPlan *plan);
/* What is odd about the whole, once it is right. */
void dx__load_bgp_checks(DxLoader *loader);
/* load-macsec.c: what protects a link whose port is read. */
void dx__load_macsec(DxLoader *loader, const DxJson *json, DxScLink *link);
void dx__load_macsec_free(void *conf);
/* load-macsec.c: a text of hexadecimal digits; else a problem, or NULL. */
const DxJson *dx__load_hex(DxLoader *loader, const DxJson *json, const char *key);
/* load-mka.c: who keeps a link keyed whose macsec is read. */
void dx__load_mka(DxLoader *loader, const DxJson *macsec, DxScLink *link);
void dx__load_mka_free(void *conf);
/* load-optics.c: what stands at the ends of a link whose confs are read. */
void dx__load_optics(DxLoader *loader, const DxJson *json, DxScLink *link);
/* load-flows.c: flows, static routes. */
void dx__load_flows(DxLoader *loader, DxJson *root);
void dx__load_routes(DxLoader *loader);
/* load-files.c: what @file names and @json says is read, for so many flows. */
void dx__load_arrivals(DxLoader *loader, const DxJson *json, DxFileParam *file, uint32_t n_flows);
/* load-events.c */
/* Links that "links.NAME", "nodes.NAME" or "groups.NAME" stands for, added to @links. */
void dx__load_targets(DxLoader *loader, const DxJson *json, GArray *links);
void dx__load_events(DxLoader *loader, DxJson *root);
/* load-attacks.c: what an event says of the attack that it is, once its links are known. */
void dx__load_attack(DxLoader *loader, DxJson *json, DxScPlan *plan);
/* load-checks.c: expectations and claims. */
void dx__load_checks(DxLoader *loader, DxJson *root);
/* What an expectation, a claim and a sweep's measure have in common; @name: the key of its name. */
DxScExpectation dx__load_measure(DxLoader *loader, DxJson *json, const char *name);
/* load-sweeps.c: when all else is read. */
void dx__load_sweeps(DxLoader *loader, DxJson *root);
/* load-capture.c: which links are written down frame by frame. */
void dx__load_capture(DxLoader *loader, const DxJson *outputs);
/* load-monitor.c: who watches, and what is written of it. */
void dx__load_monitor(DxLoader *loader, DxJson *root);
void dx__load_cloudwatch(DxLoader *loader, DxJson *outputs);
/* "period", *@period_ps unless it is said: a whole number of samples. */
void dx__load_period(DxLoader *loader, DxJson *json, DxTime *period_ps);
/* load-alarms.c: what is watched for; then what of it needs routes. */
void dx__load_alarms(DxLoader *loader, DxJson *root);
void dx__load_alarms_finish(DxLoader *loader);
/* Does one of them send flows to their backups? Before alarms are read. */
bool dx__alarms_use_backups(const DxLoader *loader);
/* load-paths.c: the way of every flow, once routes are known. */
void dx__load_paths(DxLoader *loader);

/* load-bgp.c: a table of a catalog, whose texts it points into; rows are the caller's. */
DxCommunityTable dx__catalog_communities(DxJsonDoc *doc, const DxJson *json);
/* catalog.c: NULL when there is none of that name. (transfer full) */
DxJsonDoc *dx__catalog_open(const char *name);
/* Names of all, NULL-terminated. */
const char *const *dx__catalog_names(void);
void dx__catalog_check(DxLoader *loader);
/* catalog-bgp.c: prefixes that the provider takes on a VIF; 0: the catalog does not say. */
int64_t dx__catalog_prefix_limit(DxLoader *loader, DxScVifType type);

#endif
