package sandbox

import (
	"sync"

	"seatdeck/licensing/sandbox/graphqlrun"
)

// graphqlTable says who answers each field of each type that any version and
// edition has. It is made when somebody first asks by GraphQL.
var graphqlTable = sync.OnceValue(func() graphqlrun.Table {
	type fields = map[string]graphqlrun.Resolver
	license := licenseFields()
	return graphqlrun.Table{
		"Query":    queryFields(),
		"Mutation": mutationFields(),
		"UserCore": userFields(),
		"Metadata": {
			"version":    graphqlrun.Value((*metadataResolver).Version),
			"revision":   graphqlrun.Value((*metadataResolver).Revision),
			"enterprise": graphqlrun.Value((*metadataResolver).Enterprise),
		},
		"QueryComplexity": {
			"score": graphqlrun.Value(func(r *gqlRun) int { return r.score }),
			"limit": graphqlrun.Value(func(r *gqlRun) int { return r.limit }),
		},
		"PageInfo": {
			"startCursor":     graphqlrun.Maybe(func(p *pageInfo) *string { return p.start }),
			"endCursor":       graphqlrun.Maybe(func(p *pageInfo) *string { return p.end }),
			"hasNextPage":     graphqlrun.Value(func(p *pageInfo) bool { return p.next }),
			"hasPreviousPage": graphqlrun.Value(func(p *pageInfo) bool { return p.previous }),
		},
		"CurrentLicense":                    license,
		"LicenseHistoryEntry":               license,
		"LicenseHistoryEntryConnection":     connectionFields[licenseResolver](),
		"LicenseHistoryEntryEdge":           edgeFields[licenseResolver](),
		"SubscriptionFutureEntry":           futureFields(),
		"SubscriptionFutureEntryConnection": connectionFields[futureResolver](),
		"SubscriptionFutureEntryEdge":       edgeFields[futureResolver](),
		"AddOnPurchase": {
			"id":                graphqlrun.Value((*addOnResolver).ID),
			"name":              graphqlrun.Value((*addOnResolver).Name),
			"purchasedQuantity": graphqlrun.Value((*addOnResolver).PurchasedQuantity),
			"assignedQuantity":  graphqlrun.Value((*addOnResolver).AssignedQuantity),
		},
		"UsersQueuedForRolePromotion": {
			"user":           graphqlrun.Node((*promotionResolver).User),
			"newAccessLevel": graphqlrun.Node((*promotionResolver).NewAccessLevel),
		},
		"UsersQueuedForRolePromotionConnection": connectionFields[promotionResolver](),
		"UsersQueuedForRolePromotionEdge":       edgeFields[promotionResolver](),
		"AccessLevel": {
			"integerValue": graphqlrun.Maybe((*accessLevelResolver).IntegerValue),
			"stringValue":  graphqlrun.Maybe((*accessLevelResolver).StringValue),
		},
		"EchoCreatePayload": payloadFields(fields{
			"echoes": graphqlrun.List(func(p *mutationPayload) []string { return p.echoes }),
		}),
		"GitlabSubscriptionActivatePayload": payloadFields(fields{
			"license":             graphqlrun.Node(func(p *mutationPayload) *licenseResolver { return p.license }),
			"futureSubscriptions": graphqlrun.List(func(p *mutationPayload) []*futureResolver { return append([]*futureResolver{}, p.future...) }),
		}),
		"ProcessUserBillablePromotionRequestPayload": payloadFields(fields{
			"result": graphqlrun.Value(func(p *mutationPayload) string { return p.result }),
		}),
	}
})

func userFields() map[string]graphqlrun.Resolver {
	return map[string]graphqlrun.Resolver{
		"id":             graphqlrun.Value((*userResolver).ID),
		"username":       graphqlrun.Value((*userResolver).Username),
		"name":           graphqlrun.Value((*userResolver).Name),
		"state":          graphqlrun.Value((*userResolver).State),
		"webUrl":         graphqlrun.Value((*userResolver).WebURL),
		"bot":            graphqlrun.Value((*userResolver).Bot),
		"lastActivityOn": graphqlrun.Maybe((*userResolver).LastActivityOn),
	}
}

// licenseFields answer a licence, current or past; the schema says which of them
// each has.
func licenseFields() map[string]graphqlrun.Resolver {
	return map[string]graphqlrun.Resolver{
		"id":                    graphqlrun.Value((*licenseResolver).ID),
		"type":                  graphqlrun.Value((*licenseResolver).Type),
		"plan":                  graphqlrun.Value((*licenseResolver).Plan),
		"name":                  graphqlrun.Maybe((*licenseResolver).Name),
		"email":                 graphqlrun.Maybe((*licenseResolver).Email),
		"company":               graphqlrun.Maybe((*licenseResolver).Company),
		"startsAt":              graphqlrun.Maybe((*licenseResolver).StartsAt),
		"expiresAt":             graphqlrun.Maybe((*licenseResolver).ExpiresAt),
		"blockChangesAt":        graphqlrun.Maybe((*licenseResolver).BlockChangesAt),
		"createdAt":             graphqlrun.Maybe((*licenseResolver).CreatedAt),
		"activatedAt":           graphqlrun.Maybe((*licenseResolver).ActivatedAt),
		"lastSync":              graphqlrun.Maybe((*licenseResolver).LastSync),
		"trial":                 graphqlrun.Maybe((*licenseResolver).Trial),
		"usersInLicenseCount":   graphqlrun.Maybe((*licenseResolver).UsersInLicenseCount),
		"billableUsersCount":    graphqlrun.Maybe((*licenseResolver).BillableUsersCount),
		"maximumUserCount":      graphqlrun.Maybe((*licenseResolver).MaximumUserCount),
		"usersOverLicenseCount": graphqlrun.Maybe((*licenseResolver).UsersOverLicenseCount),
	}
}

func futureFields() map[string]graphqlrun.Resolver {
	return map[string]graphqlrun.Resolver{
		"type":                graphqlrun.Value((*futureResolver).Type),
		"plan":                graphqlrun.Value((*futureResolver).Plan),
		"name":                graphqlrun.Maybe((*futureResolver).Name),
		"email":               graphqlrun.Maybe((*futureResolver).Email),
		"company":             graphqlrun.Maybe((*futureResolver).Company),
		"startsAt":            graphqlrun.Maybe((*futureResolver).StartsAt),
		"expiresAt":           graphqlrun.Maybe((*futureResolver).ExpiresAt),
		"usersInLicenseCount": graphqlrun.Maybe((*futureResolver).UsersInLicenseCount),
	}
}
