package cli

import "github.com/spf13/cobra"

// usersVerbs are the verbs about accounts and seats.
func (a *app) usersVerbs() *cobra.Command {
	return a.group("users", "Users and seats",
		a.usersListVerb(), a.usersShowVerb(), a.usersWhyVerb(), a.usersCountsVerb(), a.usersBreakdownVerb(), a.usersRolesVerb(),
		a.usersWhatIfVerb(), a.usersWillFitVerb(), a.usersPromotionsVerb(), a.usersExportVerb(), a.usersViewsVerb(), a.usersRecountVerb())
}
