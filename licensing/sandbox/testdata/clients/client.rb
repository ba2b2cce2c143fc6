# frozen_string_literal: true

# Walks through an instance with the gitlab gem and prints what it saw.
#
# Usage: client.rb URL TOKEN USER_ID

require 'gitlab'
require 'json'

url, token, user_id = ARGV
endpoint = "#{url}/api/v4"
gl = Gitlab.client(endpoint: endpoint, private_token: token)
seen = { client: "gitlab gem #{Gitlab::VERSION}" }
seen[:me] = gl.user.username
seen[:version] = gl.version.version

seen[:offset] = gl.users(per_page: 100).auto_paginate.map(&:id)
seen[:keyset] = gl.users(per_page: 100, pagination: 'keyset', order_by: 'id', sort: 'asc').auto_paginate.map(&:id)

user = gl.user(user_id)
seen[:one] = { id: user.id, username: user.username, state: user.state }
seen[:block] = gl.block_user(user_id)
seen[:blocked] = gl.user(user_id).state
seen[:unblock] = gl.unblock_user(user_id)
seen[:unblocked] = gl.user(user_id).state

license = gl.get('/license')
seen[:license] = { plan: license.plan, user_limit: license.user_limit, active_users: license.active_users }
seen[:statistics_users] = gl.get('/application/statistics').users

before = gl.application_settings.version_check_enabled
seen[:setting_before] = before
gl.edit_application_settings(version_check_enabled: !before)
seen[:setting_after] = gl.application_settings.version_check_enabled

begin
  Gitlab.client(endpoint: endpoint, private_token: 'glpat-wrong').user
  seen[:refused] = 200
rescue Gitlab::Error::Unauthorized => e
  seen[:refused] = e.response_status
end
begin
  gl.user(2**31 - 1)
  seen[:missing] = 200
rescue Gitlab::Error::NotFound => e
  seen[:missing] = e.response_status
end
puts JSON.generate(seen)
