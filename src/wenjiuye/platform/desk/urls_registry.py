"""URLs of the desk: registry."""

from django.urls import URLPattern, path

from wenjiuye.platform.desk.views import duplicates, registry

urlpatterns: list[URLPattern] = [
    path("registry/", registry.registry, name="registry"),
    path("registry/unmask/<slug:kind>/<path:key>/", registry.registry_unmask, name="registry_unmask"),
    path("registry/<slug:kind>/<path:key>/", registry.registry_row, name="registry_row"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/find/", duplicates.duplicates_find, name="duplicates_find"),
    path("duplicates/<int:pair>/", duplicates.duplicate, name="duplicate"),
    path("duplicates/<int:pair>/merge/", duplicates.duplicate_merge, name="duplicate_merge"),
    path("merges/<int:batch>/", duplicates.merge_page, name="merge"),
    path("merges/<int:batch>/undo/", duplicates.merge_undo, name="merge_undo"),
]
