from django.urls import include, path

from research.views import (
    playback,
    playback_answers,
    playback_closing,
    playback_guests,
    playback_items,
    playback_links,
    playback_return,
    playback_sharing,
    playbacks,
)

app_name = "playbacks"
ITEM = [
    path("edit/", playback_items.edit, name="edit_item"),
    path("move/", playback_items.move, name="move_item"),
    path("remove/", playback_items.remove, name="remove_item"),
    path("answer/", playback_answers.answer, name="answer"),
    path("answers/", playback_answers.answers, name="answers"),
    path("reply/<int:reviewer>/", playback_answers.reply, name="reply"),
]
PLAYBACK = [
    path("", playback.playback, name="playback"),
    path("compose/", playback.compose, name="compose"),
    path("edit/", playback.edit, name="edit"),
    path("preview/", playback.preview, name="preview"),
    path("editions/<int:number>/", playback.edition, name="edition"),
    path("editions/<int:number>/pdf/", playback.pdf, name="edition_pdf"),
    path("pick/<slug:what>/", playback_items.pick, name="pick"),
    path("write/<slug:what>/", playback_items.write, name="write"),
    path("items/<int:item>/", include(ITEM)),
    path("reviewers/", playback_sharing.reviewers, name="reviewers"),
    path("reviewers/<int:reviewer>/remove/", playback_sharing.stop_asking, name="stop_asking"),
    path("share/", playback_sharing.share, name="share"),
    path("links/", playback_links.links, name="links"),
    path("links/<int:link>/revoke/", playback_links.revoke, name="revoke_link"),
    path("close/", playback_closing.close, name="close"),
]
urlpatterns = [
    path("p/", playback_guests.through_link, name="through_link"),
    path("p/confirm/", playback_guests.confirm, name="confirm"),
    path("p/code/", playback_guests.enter_code, name="enter_code"),
    path("p/items/<int:item>/answer/", playback_guests.answer, name="answer_through_link"),
    path("p/items/<int:item>/reply/", playback_guests.reply, name="reply_through_link"),
    path("p/again/<token>/", playback_return.come_back, name="come_back"),
    path("p/again/<token>/code/", playback_return.return_code, name="return_code"),
    path("p/letters/<token>/", playback_return.stop_letters, name="stop_letters"),
    path("p/letters/<token>/again/", playback_return.have_letters, name="have_letters"),
    path("p/<token>/", playback_guests.open_link, name="open_link"),
    path("teams/<team>/playbacks/", playbacks.playbacks, name="playbacks"),
    path("teams/<team>/playbacks/new/", playbacks.new, name="new"),
    path("teams/<team>/playbacks/<int:playback>/", include(PLAYBACK)),
]
