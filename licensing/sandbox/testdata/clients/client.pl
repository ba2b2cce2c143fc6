# Walks through an instance with GitLab::API::v4 and prints what it saw.
#
# Usage: client.pl URL TOKEN USER_ID

use strict;
use warnings;

use GitLab::API::v4;
use JSON;
use URI;

my ( $url, $token, $user_id ) = @ARGV;

sub api {
    return GitLab::API::v4->new( url => "$url/api/v4", private_token => $_[0] );
}

# The client has no keyset paginator of its own: the cursor is taken from the
# Link header of each answer.
sub keyset {
    my ($gl) = @_;
    my %params = ( pagination => 'keyset', order_by => 'id', sort => 'asc', per_page => 100 );
    my @ids;
    while (1) {
        push @ids, map { $_->{id} } @{ $gl->users( \%params ) };
        my $link = $gl->rest_client->http_tiny_response->{headers}{link} // '';
        my ($next) = $link =~ /<([^>]+)>; rel="next"/ or return \@ids;
        %params = URI->new($next)->query_form;
    }
}

sub status {
    my ($try) = @_;
    return eval { $try->(); 200 } || do { $@ =~ /HTTP (\d+)/ ? $1 + 0 : $@ };
}

my $gl   = api($token);
my %seen = ( client => "GitLab::API::v4 $GitLab::API::v4::VERSION" );
$seen{me}      = $gl->current_user->{username};
$seen{version} = $gl->version->{version};
$seen{offset}  = [ map { $_->{id} } @{ $gl->paginator( 'users', { per_page => 100 } )->all } ];
$seen{keyset}  = keyset($gl);

my $user = $gl->user($user_id);
$seen{one}       = { map { $_ => $user->{$_} } qw( id username state ) };
$seen{block}     = $gl->block_user($user_id);
$seen{blocked}   = $gl->user($user_id)->{state};
$seen{unblock}   = $gl->unblock_user($user_id);
$seen{unblocked} = $gl->user($user_id)->{state};

my $license = $gl->rest_client->request(
    'GET', 'license', [], { headers => { 'private-token' => $token } } );
$seen{license} = { map { $_ => $license->{$_} } qw( plan user_limit active_users ) };
$seen{statistics_users} = $gl->statistics->{users};

$seen{setting_before} = $gl->settings->{version_check_enabled};
$gl->update_settings( { version_check_enabled => $seen{setting_before} ? JSON::false : JSON::true } );
$seen{setting_after} = $gl->settings->{version_check_enabled};

$seen{refused} = status( sub { api('glpat-wrong')->current_user } );
# A missing user is undef here, not an error.
$seen{missing} = defined $gl->user( 2**31 - 1 ) ? 200 : $gl->rest_client->http_tiny_response->{status} + 0;
print JSON->new->canonical->encode( \%seen ), "\n";
