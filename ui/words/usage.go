package words

// UsageFile returns how an offline licence reports what it uses, in place of
// syncs. An empty value is one that no API tells (contract §1.10, §4.1).
func UsageFile() []Field {
	return []Field{
		{"last made", ""},
		{"next due", "every month, by e-mail"},
		{"goes to", "renewals-service@customers.gitlab.com"},
		{"made in", "GitLab's Admin area, under Subscription"},
	}
}

// UsageFileNote says why nothing here makes that file.
const UsageFileNote = "Making it marks the usage as exported and ends GitLab's reminder, so seatdeck does not. Send the file as it is."
