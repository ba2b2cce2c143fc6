Seatdeck.run('check') { |host| Seatdeck::Eligibility.ask(host) }
