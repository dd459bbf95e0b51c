"""URLs of the desk: the work list, many claims at once, search, jobs and exports."""

from django.urls import URLPattern, path

from wenjiuye.platform.desk.views import bulk, exports, jobs, saved, search, worklist

urlpatterns: list[URLPattern] = [
    path("", worklist.worklist, name="worklist"),
    path("claims/", worklist.claims, name="claims"),
    path("views/", saved.keep_view, name="keep_view"),
    path("views/<int:view>/drop/", saved.drop_view, name="drop_view"),
    path("bulk/preview/", bulk.preview, name="bulk_preview"),
    path("bulk/", bulk.run, name="bulk_run"),
    path("bulk/<uuid:job>/", bulk.job, name="bulk_job"),
    path("search/", search.search, name="search"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:job>/result/", jobs.result, name="job_result"),
    path("export/", exports.export, name="export"),
]
