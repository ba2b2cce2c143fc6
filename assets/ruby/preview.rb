Seatdeck.run('packet') do |host|
  Seatdeck::Eligibility.ask(host)
  Seatdeck::Packet.ask(host)
end
