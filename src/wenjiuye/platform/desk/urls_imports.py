"""URLs of the desk: imports."""

from django.urls import URLPattern, path

from wenjiuye.platform.desk.views import imports

urlpatterns: list[URLPattern] = [
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<uuid:file>/", imports.import_page, name="import"),
    path("imports/<uuid:file>/check/", imports.import_check, name="import_check"),
    path("imports/<uuid:file>/commit/", imports.import_commit, name="import_commit"),
    path("imports/<uuid:file>/again/", imports.import_again, name="import_again"),
    path("imports/<uuid:file>/drop/", imports.import_drop, name="import_drop"),
    path("imports/<uuid:file>/errors/", imports.import_errors, name="import_errors"),
    path("batches/<int:batch>/", imports.import_batch, name="import_batch"),
    path("batches/<int:batch>/undo/", imports.import_undo, name="import_undo"),
]
